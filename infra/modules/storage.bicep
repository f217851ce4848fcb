// The app's own storage account: the host's state, the deployed package and the locks. Only blobs: timers and HTTP
// need no queue, and the host does without its table of diagnostic events.

import { hardeningOptions } from '../hardening.bicep'
import { tagMap } from '../types.bicep'

@description('Name of the account.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Id of the app\'s identity. Names of role assignments come from it, so that a second deployment finds them again.')
param identityId string

@description('Principal id of the app\'s identity.')
param principalId string

@description('Id of the Log Analytics workspace.')
param workspaceId string

@description('Answer on the public endpoint.')
param publicAccess bool

@description('What is asked for beyond the defaults.')
param hardening hardeningOptions

var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

var retention = { enabled: true, days: hardening.?softDeleteDays }
var softDelete = hardening.?softDeleteDays == null
  ? {}
  : { deleteRetentionPolicy: retention, containerDeleteRetentionPolicy: retention }
var encryption = (hardening.?infrastructureEncryption ?? false)
  ? { encryption: { keySource: 'Microsoft.Storage', requireInfrastructureEncryption: true } }
  : {}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: (hardening.?zoneRedundant ?? false) ? 'Standard_ZRS' : 'Standard_LRS'
  }
  properties: union(encryption, {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  })

  resource blobs 'blobServices' = {
    name: 'default'
    properties: softDelete

    resource deployments 'containers' = {
      name: 'deployments'
    }
  }
}

// The one version that takes categories by group and to Log Analytics; the newer-looking 2016-09-01 is older.
#disable-next-line use-recent-api-versions
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'writes'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, identityId, blobDataOwner)
  scope: account
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
  }
}

@description('Id of the account.')
output id string = account.id

@description('Name of the container that the deployed package goes to.')
output deploymentContainerName string = last(split(account::blobs::deployments.name, '/'))
