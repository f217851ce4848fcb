// What the owner of an existing vault deploys where the app's deployer has no rights on it: the app's role, and the vault's
// own warning. main.bicep prints the command. Lists come with commas, which every shell passes on.

@description('Name of the vault.')
param vaultName string

@description('Names of the app\'s secrets in the vault, as far as they are known.')
param secretNames string

@description('What the names of its further secrets begin with, where a pattern stands for the runtimes of a factory.')
param namePrefixes string = ''

@description('Does a pattern stand for several factories, so that every secret of the vault may be the app\'s?')
param everySecret bool = false

@description('Those on which the role is assigned.')
param roleSecretNames string

@description('ARM ids of their runtimes, in the same order.')
param roleRuntimeIds string

@description('Is the role assigned on the whole vault?')
param assignOnVault bool

@description('Id of the app\'s identity.')
param identityId string

@description('Principal id of the app\'s identity.')
param principalId string

@description('Name (GUID) of the role definition.')
param roleName string

@description('Ids of the action groups to tell.')
param actionGroupIds string

@description('Address of docs/runbook.md, for the link in the alert.')
param runbookUrl string = ''

@description('The parts of a list.')
func partsOf(list string) string[] => filter(split(list, ','), part => !empty(part))

module access 'modules/vaultAccess.bicep' = {
  params: {
    vaultName: vaultName
    assignOnVault: assignOnVault
    roleSecretNames: partsOf(roleSecretNames)
    roleRuntimeIds: partsOf(roleRuntimeIds)
    watched: {
      names: partsOf(secretNames)
      prefixes: partsOf(namePrefixes)
      every: everySecret
    }
    identityId: identityId
    principalId: principalId
    roleName: roleName
    actionGroupIds: split(actionGroupIds, ',')
    runbookUrl: runbookUrl
  }
}
