// The function app on a Flex Consumption plan.

import { entraAuthentication } from '../callers.bicep'
import { inboundAccess, restrictionsOf } from '../inbound.bicep'
import { rotationSettings, tagMap } from '../types.bicep'

@description('Ending of the names.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Id of the app\'s identity.')
param identityId string

@description('Client id of the app\'s identity.')
param clientId string

@description('Address of the package, where it is deployed with the app.')
param packageUrl string?

@description('Address of the runbook; empty: the status page only names it.')
param runbookUrl string

@description('What the app is to do.')
param rotation rotationSettings

@description('Name of the app\'s storage account.')
param storageName string

@description('What follows the account\'s service in its addresses.')
param storageSuffix string

@description('Name of the container that the deployed package goes to.')
param deploymentContainerName string

@description('Connection string of Application Insights.')
param insightsConnectionString string

@description('Spread the plan over the zones of the region.')
param zoneRedundant bool

@description('Memory of an instance in MB.')
param instanceMemoryMB int

@description('Id of the subnet for outgoing traffic, where there is one.')
param subnetId string?

@description('Who reaches the app.')
param inbound inboundAccess

@description('Entra authentication, where it is asked for.')
param authentication entraAuthentication?

@description('Where Entra signs in.')
param loginUrl string

// The smallest limit that Flex Consumption is known to take. A timer needs one instance, and no two work on the same
// runtime.
var maximumInstances = 40

var blobUrl = 'https://${storageName}.blob.${storageSuffix}'

// Some versions of the host do not start on the address of the blobs alone. From a name they form addresses of the public
// cloud, so it is given there only; where both are, the address is used for blobs.
var accountName = startsWith(storageSuffix, 'core.windows.')
  ? [{ name: 'AzureWebJobsStorage__accountName', value: storageName }]
  : []

var hostSettings = [
  // Storage and Application Insights, both by identity. Timers and HTTP need no queue and no table.
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobsStorage__clientId', value: clientId }
  { name: 'AzureWebJobsStorage__blobServiceUri', value: blobUrl }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insightsConnectionString }
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${clientId};Authorization=AAD' }
]

var appSettings = [
  { name: 'AZURE_CLIENT_ID', value: clientId }
  { name: 'AZURE_RESOURCE_MANAGER_URL', value: rotation.resourceManagerUrl }
  { name: 'ROTATION_SCHEDULE', value: rotation.schedule }
  { name: 'ROTATE_EVERY', value: rotation.rotateEvery }
  { name: 'OVERLAP', value: rotation.overlap }
  { name: 'VALIDITY', value: rotation.validity }
  { name: 'NODES', value: rotation.nodes }
  { name: 'SOAK', value: rotation.soak }
  { name: 'PAUSED', value: toLower(string(rotation.paused)) }
  { name: 'CONCURRENCY', value: string(rotation.concurrency) }
  { name: 'RUNTIMES', value: rotation.runtimes }
]

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${suffix}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-${suffix}'
  location: location
  tags: union(tags, { 'azd-service-name': 'rotation' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: subnetId
    publicNetworkAccess: inbound.kind == 'private' ? 'Disabled' : 'Enabled'
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobUrl}/${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: '24'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
      }
    }
    siteConfig: union(restrictionsOf(inbound), {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      appSettings: concat(
        hostSettings,
        accountName,
        appSettings,
        rotation.?keyVaultUrl == null ? [] : [{ name: 'KEY_VAULT_URL', value: rotation.?keyVaultUrl }],
        empty(runbookUrl) ? [] : [{ name: 'RUNBOOK_URL', value: runbookUrl }]
      )
    })
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

// Azure fetches the package itself. Without this it is pushed once the app is there.
resource package 'Microsoft.Web/sites/extensions@2025-03-01' = if (packageUrl != null) {
  parent: app
  name: 'onedeploy'
  // The compiler's types know this name without what belongs to it.
  #disable-next-line BCP187
  properties: {
    packageUri: packageUrl!
    remoteBuild: false
  }
}

module entra 'authentication.bicep' = if (authentication != null) {
  params: {
    appName: app.name
    authentication: authentication!
    loginUrl: loginUrl
  }
}

@description('Id of the app.')
output id string = app.id

@description('Name of the app.')
output name string = app.name

@description('Host name of the app.')
output hostName string = app.properties.defaultHostName

@description('Names of its functions.')
output functionNames string[] = map(
  ['rotateOnSchedule', 'rotateOnDemand', 'status'],
  functionName => '${app.name}/${functionName}'
)
