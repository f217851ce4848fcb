// The rights of the app's identity on runtimes and vaults, wherever in the tenant they are, and on nothing else.

import { watchedOf } from '../nearExpiry.bicep'
import { groupOf, idOf } from '../runtimeIds.bicep'
import { completedRuntime, isPattern, listsFactories } from '../runtimes.bicep'
import { existingRoles } from '../types.bicep'

@description('The runtimes.')
param entries completedRuntime[]

@description('Name of the vault that this template made, where an entry needs it.')
param ownVaultName string?

@description('Roles made beforehand.')
param roles existingRoles?

@description('Resource groups that the definitions go on naming.')
param formerResourceGroupIds string[]

@description('Id of the app\'s identity.')
param identityId string

@description('Principal id of the app\'s identity.')
param principalId string

@description('Ids of the action groups that hear of a secret close to its expiry.')
param actionGroupIds string[]

@description('Assign roles on runtimes and existing vaults. False: their owners do.')
param assignHere bool

@description('Address of the runbook; empty: it is named only.')
param runbookUrl string

@description('Address of the workbook.')
param workbookUrl string

var dataFactoryRole = roles.?dataFactory ?? guid(resourceGroup().id, 'integration runtime key rotator')
var vaultRole = roles.?vault ?? guid(resourceGroup().id, 'integration runtime key publisher')
var finderRole = roles.?finder ?? guid(resourceGroup().id, 'integration runtime finder')

var ownEntries = filter(entries, entry => empty(entry.vaultId))
var ofRuntimes = filter(entries, entry => !isPattern(entry))
var ofFactories = filter(entries, entry => isPattern(entry) && !listsFactories(entry))
var ofGroups = filter(entries, entry => listsFactories(entry) && !empty(entry.scope.resourceGroup))
var ofSubscriptions = filter(entries, entry => empty(entry.scope.resourceGroup))
var existingVaultIds = filter(union(map(entries, entry => entry.vaultId), []), id => !empty(id))

module definitions 'roles.bicep' = if (roles == null) {
  params: {
    dataFactoryRoleName: dataFactoryRole
    vaultRoleName: vaultRole
    finderRoleName: finderRole
    factoryGroupIds: map(entries, entry => groupOf(entry.scope))
    finderGroupIds: map(filter(entries, entry => listsFactories(entry)), entry => groupOf(entry.scope))
    vaultResourceGroupIds: map(existingVaultIds, id => join(take(split(id, '/'), 5), '/'))
    formerResourceGroupIds: map(formerResourceGroupIds, id => toLower(id))
  }
}

module runtimeRoles 'runtimeRole.bicep' = [
  for entry in ofRuntimes: if (assignHere) {
    scope: resourceGroup(entry.scope.subscriptionId, entry.scope.resourceGroup)
    params: {
      factoryName: entry.scope.factory
      runtimeName: entry.scope.runtime
      identityId: identityId
      principalId: principalId
      roleName: dataFactoryRole
    }
    dependsOn: [definitions]
  }
]

// A pattern needs its role on all that it stands for, and where factories are to be found, that of the finder.
module factoryRoles 'factoryRole.bicep' = [
  for entry in ofFactories: if (assignHere) {
    scope: resourceGroup(entry.scope.subscriptionId, entry.scope.resourceGroup)
    params: {
      factoryName: entry.scope.factory
      identityId: identityId
      principalId: principalId
      roleName: dataFactoryRole
    }
    dependsOn: [definitions]
  }
]

module groupRoles 'groupRoles.bicep' = [
  for entry in ofGroups: if (assignHere) {
    scope: resourceGroup(entry.scope.subscriptionId, entry.scope.resourceGroup)
    params: {
      identityId: identityId
      principalId: principalId
      roleNames: [dataFactoryRole, finderRole]
    }
    dependsOn: [definitions]
  }
]

module subscriptionRoles 'subscriptionRoles.bicep' = [
  for entry in ofSubscriptions: if (assignHere) {
    scope: subscription(entry.scope.subscriptionId)
    params: {
      identityId: identityId
      principalId: principalId
      roleNames: [dataFactoryRole, finderRole]
    }
    dependsOn: [definitions]
  }
]

module ownVault 'vaultAccess.bicep' = if (!empty(ownEntries)) {
  params: {
    vaultName: ownVaultName!
    assignOnVault: true
    roleSecretNames: []
    roleRuntimeIds: []
    watched: watchedOf(ownEntries)
    identityId: identityId
    principalId: principalId
    roleName: vaultRole
    actionGroupIds: actionGroupIds
    runbookUrl: runbookUrl
    workbookUrl: workbookUrl
  }
  dependsOn: [definitions]
}

module existingVaults 'vaultAccess.bicep' = [
  for id in existingVaultIds: if (assignHere) {
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      vaultName: split(id, '/')[8]
      assignOnVault: !empty(filter(entries, entry => entry.vaultId == id && !entry.onSecret))
      roleSecretNames: map(filter(entries, entry => entry.vaultId == id && entry.onSecret), entry => entry.secretName)
      roleRuntimeIds: map(filter(entries, entry => entry.vaultId == id && entry.onSecret), entry => idOf(entry.scope))
      watched: watchedOf(filter(entries, entry => entry.vaultId == id))
      identityId: identityId
      principalId: principalId
      roleName: vaultRole
      actionGroupIds: actionGroupIds
      runbookUrl: runbookUrl
      workbookUrl: workbookUrl
    }
    dependsOn: [definitions]
  }
]

@description('Names of the existing vaults.')
output existingVaultNames string[] = map(existingVaultIds, id => split(id, '/')[8])
