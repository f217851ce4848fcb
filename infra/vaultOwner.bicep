// What the owner of an existing vault deploys where the app's deployer has no rights on it: the app's role, and the vault's
// own warning. main.bicep prints the command. Lists come with commas, which every shell passes on.

@description('Name of the vault.')
param vaultName string

@description('All secrets of the app in the vault.')
param secretNames string

@description('Those on which alone the role is assigned, when they are not all: then it is assigned on the vault.')
param roleSecretNames string

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

module access 'modules/vaultAccess.bicep' = {
  params: {
    vaultName: vaultName
    assignOnVault: secretNames != roleSecretNames
    roleSecretNames: filter(split(roleSecretNames, ','), name => !empty(name))
    secretNames: split(secretNames, ',')
    identityId: identityId
    principalId: principalId
    roleName: roleName
    actionGroupIds: split(actionGroupIds, ',')
    runbookUrl: runbookUrl
  }
}
