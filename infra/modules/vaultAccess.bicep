// What one vault, new or existing, needs for the service: the app's role, and the vault's own word when a published
// secret comes close to its expiry, which does not depend on the app or on its logs.

@description('Name of the vault.')
param vaultName string

@description('Secrets on which the role is assigned. Empty: on the vault.')
param roleSecretNames string[]

@description('All secrets of this service in the vault.')
param secretNames string[]

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

// An event subscription filters by 25 values at most.
var filterSize = 25
var filterCount = (length(secretNames) + filterSize - 1) / filterSize

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource secrets 'Microsoft.KeyVault/vaults/secrets@2025-05-01' existing = [
  for secretName in roleSecretNames: {
    parent: vault
    name: secretName
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
  for i in range(0, filterCount): {
    name: 'published-key-near-expiry-${i}-${uniqueString(identityId)}'
    scope: vault
    properties: {
      eventDeliverySchema: 'CloudEventSchemaV1_0'
      destination: {
        endpointType: 'MonitorAlert'
        properties: {
          severity: 'Sev1'
          description: 'A published integration runtime key is within 30 days of its expiry: rotation is overdue. ${empty(runbookUrl) ? 'See docs/runbook.md.' : '${runbookUrl}#a-published-key-is-close-to-its-expiry'}'
          actionGroups: actionGroupIds
        }
      }
      filter: {
        includedEventTypes: ['Microsoft.KeyVault.SecretNearExpiry']
        advancedFilters: [
          {
            operatorType: 'StringIn'
            key: 'subject'
            values: take(skip(secretNames, i * filterSize), filterSize)
          }
        ]
      }
    }
  }
]
