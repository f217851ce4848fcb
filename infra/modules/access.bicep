// The rights of the app's identity on runtimes and vaults, wherever in the tenant they are, and on nothing else.

import { existingRoles } from '../types.bicep'
import { completedRuntime } from '../runtimes.bicep'

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

var dataFactoryRole = roles.?dataFactory ?? guid(resourceGroup().id, 'integration runtime key rotator')
var vaultRole = roles.?vault ?? guid(resourceGroup().id, 'integration runtime key publisher')

var ownEntries = filter(entries, entry => empty(entry.vaultId))
var existingVaultIds = filter(union(map(entries, entry => entry.vaultId), []), id => !empty(id))

module definitions 'roles.bicep' = if (roles == null) {
  params: {
    dataFactoryRoleName: dataFactoryRole
    vaultRoleName: vaultRole
    factoryResourceGroupIds: map(entries, entry => toLower(join(take(entry.parts, 5), '/')))
    vaultResourceGroupIds: map(existingVaultIds, id => join(take(split(id, '/'), 5), '/'))
    formerResourceGroupIds: map(formerResourceGroupIds, id => toLower(id))
  }
}

module runtimeRoles 'runtimeRole.bicep' = [
  for entry in entries: if (assignHere) {
    scope: resourceGroup(entry.parts[2], entry.parts[4])
    params: {
      factoryName: entry.parts[8]
      runtimeName: entry.parts[10]
      identityId: identityId
      principalId: principalId
      roleName: dataFactoryRole
    }
    dependsOn: [definitions]
  }
]

module ownVault 'vaultAccess.bicep' = if (!empty(ownEntries)) {
  params: {
    vaultName: ownVaultName!
    assignOnVault: true
    roleSecretNames: []
    secretNames: map(ownEntries, entry => entry.secretName)
    identityId: identityId
    principalId: principalId
    roleName: vaultRole
    actionGroupIds: actionGroupIds
    runbookUrl: runbookUrl
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
      secretNames: map(filter(entries, entry => entry.vaultId == id), entry => entry.secretName)
      identityId: identityId
      principalId: principalId
      roleName: vaultRole
      actionGroupIds: actionGroupIds
      runbookUrl: runbookUrl
    }
    dependsOn: [definitions]
  }
]

@description('Names of the existing vaults.')
output existingVaultNames string[] = map(existingVaultIds, id => split(id, '/')[8])
