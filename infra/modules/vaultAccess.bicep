// What one vault, new or existing, needs for the service: the app's role, and the vault's own word when a published
// secret comes close to its expiry, which does not depend on the app or on its logs.

import { filtersOf, watchedSecrets } from '../nearExpiry.bicep'

@description('Name of the vault.')
param vaultName string

@description('Secrets on which the role is assigned. Empty: on the vault.')
param roleSecretNames string[]

@description('The ARM ids of their runtimes, in the same order.')
param roleRuntimeIds string[]

@description('The secrets of this service in the vault.')
param watched watchedSecrets

@description('Id of the app\'s identity. Names of role assignments come from it, so that a second deployment finds them again.')
param identityId string

@description('Principal id of the app\'s identity.')
param principalId string

@description('Name (GUID) of the role definition.')
param roleName string

@description('Assign the role on the whole vault.')
param assignOnVault bool

@description('Ids of the action groups to tell.')
param actionGroupIds string[]

@description('Address of the runbook; empty: it is named only.')
param runbookUrl string

@description('Address of the workbook; empty: it is not named, as where a vault belongs to others.')
param workbookUrl string = ''

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

// A role can be assigned on a secret only once it is there. What is there already, Azure leaves as it is; the placeholder
// says whose it is, and the app's first run puts a live key in its place.
@onlyIfNotExists()
resource secrets 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = [
  for (secretName, i) in roleSecretNames: {
    parent: vault
    name: secretName
    tags: {
      ProviderAddress: roleRuntimeIds[i]
    }
    properties: {
      value: 'placeholder'
      contentType: 'text/plain'
    }
  }
]

resource vaultAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (assignOnVault) {
  name: guid(vault.id, identityId, roleName)
  scope: vault
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleName)
  }
}

resource secretAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (secretName, i) in roleSecretNames: {
    name: guid(vault.id, secretName, identityId, roleName)
    scope: secrets[i]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleName)
    }
  }
]

// Only the current version's expiry is announced (SecretExpired does not say so of itself and is left out).
// One after the other: Event Grid refuses to change one vault's subscriptions at once.
@batchSize(1)
resource nearExpiry 'Microsoft.EventGrid/eventSubscriptions@2025-02-15' = [
  for (filter, i) in filtersOf(watched): {
    name: 'published-key-near-expiry-${i}-${uniqueString(identityId)}'
    scope: vault
    properties: {
      eventDeliverySchema: 'CloudEventSchemaV1_0'
      destination: {
        endpointType: 'MonitorAlert'
        properties: {
          severity: 'Sev1'
          description: 'A published integration runtime key is within 30 days of its expiry: rotation is overdue. ${empty(workbookUrl) ? '' : 'Workbook: ${workbookUrl} '}${empty(runbookUrl) ? 'See docs/runbook.md.' : 'Runbook: ${runbookUrl}#a-published-key-is-close-to-its-expiry'}'
          actionGroups: actionGroupIds
        }
      }
      filter: {
        includedEventTypes: ['Microsoft.KeyVault.SecretNearExpiry']
        advancedFilters: concat(
          empty(filter.names) ? [] : [{ operatorType: 'StringIn', key: 'subject', values: filter.names }],
          empty(filter.prefixes) ? [] : [{ operatorType: 'StringBeginsWith', key: 'subject', values: filter.prefixes }]
        )
      }
    }
  }
]
