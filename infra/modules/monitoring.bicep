// Logs, and who is told. Application Insights takes telemetry from the app's identity only.

import { tagMap } from '../types.bicep'

@description('Ending of the names.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Days that logs are kept.')
param retentionDays int

@description('Id of the app\'s identity. Names of role assignments come from it, so that a second deployment finds them again.')
param identityId string

@description('Principal id of the app\'s identity.')
param principalId string

@description('E-mail addresses to tell.')
param emails string[]

@description('Ids of further action groups to tell.')
param furtherActionGroupIds string[]

@description('Logs come from inside a private link scope only.')
param privateIngestion bool

var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'log-${suffix}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    publicNetworkAccessForIngestion: privateIngestion ? 'Disabled' : 'Enabled'
    features: {
      disableLocalAuth: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${suffix}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    publicNetworkAccessForIngestion: privateIngestion ? 'Disabled' : 'Enabled'
    DisableLocalAuth: true
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identityId, metricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'IR keys'
    emailReceivers: [
      for (email, i) in emails: {
        name: 'email-${i + 1}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

var actionGroupIds = concat([actionGroup.id], furtherActionGroupIds)

module workbook 'workbook.bicep' = {
  params: {
    location: location
    tags: tags
    workspaceId: workspace.id
    lookbackDays: retentionDays
  }
}

@description('Id of the workspace.')
output workspaceId string = workspace.id

@description('Id of the workbook.')
output workbookId string = workbook.outputs.id

@description('Connection string of Application Insights: an address, no credential while local authentication is off.')
output insightsConnectionString string = insights.properties.ConnectionString

@description('Ids of all action groups to tell.')
output actionGroupIds string[] = actionGroupIds
