// The vault for runtimes whose entry names none.

import { tagMap } from '../types.bicep'

@description('Name of the vault.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Id of the Log Analytics workspace for the audit log.')
param workspaceId string

@description('Answer on the public endpoint.')
param publicAccess bool

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }
}

// The one version that takes categories by group and to Log Analytics; the newer-looking 2016-09-01 is older.
#disable-next-line use-recent-api-versions
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Id of the vault.')
output id string = vault.id
