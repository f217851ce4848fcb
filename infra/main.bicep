// Rotates the auth keys of self-hosted integration runtimes of Azure Data Factory: the function app, its identity with
// the rights it needs and no others, the vault, and the alerts. All of it is made in one resource group; the rights
// reach the runtimes wherever in the tenant they are.

import { checkedAuthentication, entraAuthentication } from 'callers.bicep'
import { checkedHardening, exemptions, hardeningOptions } from 'hardening.bicep'
import { checkedInbound, inboundAccess } from 'inbound.bicep'
import { checkedNetwork, entersZones, network, privateZones } from 'networks.bicep'
import { commandsForOwners } from 'owners.bicep'
import { complete, longestValidityDays } from 'runtimes.bicep'
import {
  checkedActionGroups
  checkedEmails
  checkedName
  checkedResourceGroups
  checkedRoles
  toRotationSettings
} from 'settings.bicep'
import { cloud, existingRoles, runtime, schedule, tagMap } from 'types.bicep'

targetScope = 'resourceGroup'

@description('The integration runtimes whose keys are rotated, or patterns that stand for all of a factory, a resource group or a subscription. One runtime belongs to one deployment and one secret.')
@minLength(1)
@maxLength(300)
param runtimes runtime[]

@description('Who is told by e-mail when something is wrong.')
@minLength(1)
param alertEmails string[]

@description('Ids of further action groups to tell, for example that of a team on call.')
@maxLength(4)
param alertActionGroupIds string[] = []

@description('Region of everything that is made here.')
param location string = resourceGroup().location

@description('Part of the name of everything that is made here; a suffix of the resource group\'s own makes it unique. Lower-case letters, digits, single hyphens between them.')
@minLength(2)
@maxLength(12)
param name string = 'irkeys'

@description('Tags of everything that is made here.')
param tags tagMap = {}

@description('Tags of one resource alone, such as that by which a policy of yours passes over what does not apply to it.')
param exemptionTags exemptions = {}

@description('When the timer ticks, UTC.')
param tick schedule = { hour: 3, minute: 17, timesPerDay: 1 }

@description('Days after which a key is rotated.')
@minValue(2)
@maxValue(365)
param rotateEveryDays int = 30

@description('Hours for which a superseded key stays live at least. Whoever registers nodes reads the secret again within them; some readers keep it for a day.')
@minValue(1)
@maxValue(8736)
param overlapHours int = 48

@description('Days from when a rotation is due to when the secret expires. The vault warns 30 days before expiry: with 44, two weeks after a rotation that did not happen. Rotations that wait for others to be proved take up to one of them; the warning does not come while rotation works.')
@minValue(32)
@maxValue(365)
param graceDays int = 44

@description('Watch: the nodes of a runtime are looked at before and after its rotation, and scheduled rotations begin with one runtime and go on as its nodes stay online. Ignore: nodes are not asked for.')
param nodes 'watch' | 'ignore' = 'watch'

@description('Hours for which the nodes of a rotated runtime must have stayed online before its rotation counts as harmless. Less than the time between two ticks, or the rollout takes twice as long.')
@minValue(1)
@maxValue(48)
param soakHours int = 20

@description('A change freeze: no scheduled rotation starts. Adoption, repair, calls, and what was begun go on.')
param paused bool = false

@description('Runtimes worked on at once.')
@minValue(1)
@maxValue(64)
param concurrency int = 8

@description('How the app reaches its vault and storage.')
param networking network = { kind: 'public' }

@description('Who reaches the app, its admin endpoints and the endpoint for deployments: everybody with a key or token, these addresses, or who is inside the network.')
param inbound inboundAccess = { kind: 'public' }

@description('Entra authentication in front of the HTTP functions, beside the function key, and who may call. Left out: the function key alone.')
param authentication entraAuthentication?

@description('What is asked for beyond the defaults: a lock, zones, double encryption, soft delete, private logs, alerts on the vault.')
param hardening hardeningOptions = {}

@description('Roles made beforehand. Left out: the template defines two roles with exactly what the app calls.')
param roles existingRoles?

@description('Who assigns the app\'s roles on runtimes and existing vaults: this deployment, or their owners elsewhere, by the commands in the output `commandsForOwners`. Those on what is made here are assigned here.')
param assignments 'here' | 'elsewhere' = 'here'

@description('Ids of resource groups (of subscriptions, where a pattern stood for one) that had a runtime or vault of this service and have none any more. The role definitions go on naming them: Azure refuses to take a scope out of a definition that is still assigned in it, and every deployment with it.')
param formerResourceGroupIds string[] = []

@description('Address of docs/runbook.md, for the links in alerts and on the status page. Empty: they only name it.')
param runbookUrl string = ''

@description('Address of the zip of a release, reachable without signing in, to deploy together with all else. Left out: the package is pushed afterwards.')
param packageUrl string?

@description('Days that logs are kept; longer where a secret is valid for longer, so that its last rotation can be looked up.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Memory of an instance in MB.')
param instanceMemoryMB 512 | 2048 | 4096 = 2048

@description('Addresses of the cloud; the default is the cloud that is deployed to.')
param addresses cloud = {
  resourceManagerUrl: environment().resourceManager
  vaultSuffix: environment().suffixes.keyvaultDns
  storageSuffix: environment().suffixes.storage
  loginUrl: environment().authentication.loginEndpoint
}

var unique = uniqueString(resourceGroup().id)
var suffix = '${checkedName(name)}-${unique}'
var storageName = take('st${replace(name, '-', '')}${unique}', 24)
var vaultName = take('kv-${replace(name, '-', '')}${unique}', 24)

var policy = {
  rotateEveryDays: rotateEveryDays
  overlapHours: overlapHours
  graceDays: graceDays
  nodes: nodes
  soakHours: soakHours
  paused: paused
}
var entries = complete(runtimes, policy)
var makesVault = !empty(filter(entries, entry => empty(entry.vaultId)))
var ownVaultUrl = makesVault ? 'https://${vaultName}${addresses.vaultSuffix}' : null
var isPublic = networking.kind == 'public'
var isPrivateApp = inbound.kind == 'private'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${suffix}'
  location: location
  tags: tags
}

var asked = checkedHardening(hardening, makesVault, !isPublic)

module monitoring 'modules/monitoring.bicep' = {
  params: {
    suffix: suffix
    location: location
    tags: tags
    retentionDays: max(logRetentionDays, longestValidityDays(entries))
    emails: checkedEmails(alertEmails)
    privateIngestion: asked.?privateLogIngestion ?? false
    furtherActionGroupIds: checkedActionGroups(alertActionGroupIds)
    identityId: identity.id
    principalId: identity.properties.principalId
  }
}

var workbookUrl = '${addresses.?portalUrl ?? environment().portal}/#@${tenant().tenantId}/resource${monitoring.outputs.workbookId}/workbook'

module storage 'modules/storage.bicep' = {
  params: {
    name: storageName
    location: location
    tags: union(tags, exemptionTags.?storage ?? {})
    hardening: asked
    identityId: identity.id
    principalId: identity.properties.principalId
    workspaceId: monitoring.outputs.workspaceId
    publicAccess: isPublic
  }
}

module vault 'modules/vault.bicep' = if (makesVault) {
  params: {
    name: vaultName
    location: location
    tags: union(tags, exemptionTags.?vault ?? {})
    workspaceId: monitoring.outputs.workspaceId
    publicAccess: isPublic
  }
}

module privateAccess 'modules/privateAccess.bicep' = if (!isPublic) {
  params: {
    suffix: suffix
    location: location
    tags: tags
    networking: checkedNetwork(networking, makesVault, isPrivateApp)
    storageId: storage.outputs.id
    hasVault: makesVault
    vaultId: vault.?outputs.id
    hasSites: isPrivateApp
    zones: privateZones(addresses)
  }
}

module access 'modules/access.bicep' = {
  params: {
    entries: entries
    ownVaultName: makesVault ? vaultName : null
    roles: checkedRoles(roles, assignments, entries)
    formerResourceGroupIds: checkedResourceGroups(formerResourceGroupIds)
    identityId: identity.id
    principalId: identity.properties.principalId
    actionGroupIds: monitoring.outputs.actionGroupIds
    assignHere: assignments == 'here'
    workbookUrl: workbookUrl
    runbookUrl: runbookUrl
  }
  dependsOn: [vault]
}

module app 'modules/functionApp.bicep' = {
  params: {
    suffix: suffix
    location: location
    tags: union(tags, exemptionTags.?app ?? {})
    zoneRedundant: asked.?zoneRedundant ?? false
    identityId: identity.id
    clientId: identity.properties.clientId
    instanceMemoryMB: instanceMemoryMB
    subnetId: privateAccess.?outputs.appSubnetId
    inbound: checkedInbound(inbound, !isPublic)
    authentication: checkedAuthentication(authentication)
    loginUrl: addresses.loginUrl
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    storageName: storageName
    storageSuffix: addresses.storageSuffix
    deploymentContainerName: storage.outputs.deploymentContainerName
    packageUrl: packageUrl
    runbookUrl: runbookUrl
    rotation: toRotationSettings(entries, policy, tick, concurrency, addresses, ownVaultUrl)
  }
  // The first tick should find its rights.
  dependsOn: [access]
}

module appEndpoint 'modules/privateEndpoint.bicep' = if (isPrivateApp) {
  params: {
    name: 'pe-sites-${suffix}'
    location: location
    tags: tags
    serviceId: app.outputs.id
    groupId: 'sites'
    subnetId: privateAccess.?outputs.endpointSubnetId ?? ''
    entersZone: entersZones(networking)
    dnsZoneId: privateAccess.?outputs.sitesDnsZoneId ?? ''
  }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    suffix: suffix
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    actionGroupIds: monitoring.outputs.actionGroupIds
    runbookUrl: runbookUrl
    workbookUrl: workbookUrl
    // One period of the schedule and a margin for a run that takes long and for logs that come late.
    missingAfterHours: 24 / tick.timesPerDay + 2
  }
  // Last of all: whatever keeps an alert from being made should not keep the keys from being rotated.
  dependsOn: [app]
}

module vaultLock 'modules/vaultLock.bicep' = if (asked.?lockVault ?? false) {
  params: {
    vaultName: vaultName
  }
  dependsOn: [vault]
}

module vaultAlerts 'modules/vaultAlerts.bicep' = if (asked.?vaultAlerts ?? false) {
  params: {
    suffix: suffix
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    principalId: identity.properties.principalId
    actionGroupIds: monitoring.outputs.actionGroupIds
    workbookUrl: workbookUrl
    runbookUrl: runbookUrl
  }
  dependsOn: [app]
}

@description('Name of the function app.')
output appName string = app.outputs.name

@description('Host name of the function app.')
output hostName string = app.outputs.hostName

@description('Names of its functions.')
output functionNames string[] = app.outputs.functionNames

@description('Principal id of the app\'s identity.')
output principalId string = identity.properties.principalId

@description('Names of the vaults with the published keys.')
output vaultNames string[] = concat(makesVault ? [vaultName] : [], access.outputs.existingVaultNames)

@description('With assignments elsewhere: what the owners of factories and vaults run, from a clone of the repository.')
output commandsForOwners string[] = assignments == 'here'
  ? []
  : commandsForOwners(
      entries,
      roles!,
      {
        id: identity.id
        principalId: identity.properties.principalId
      },
      monitoring.outputs.actionGroupIds
    )
