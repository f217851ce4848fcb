// Lets the app list the integration runtimes of one factory, and read and regenerate their keys: for a pattern.

@description('Name of the factory.')
param factoryName string

@description('Id of the app\'s identity. Names of role assignments come from it, so that a second deployment finds them again.')
param identityId string

@description('Principal id of the app\'s identity.')
param principalId string

@description('Name (GUID) of the role definition.')
param roleName string

resource factory 'Microsoft.DataFactory/factories@2018-06-01' existing = {
  name: factoryName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(factory.id, identityId, roleName)
  scope: factory
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleName)
  }
}
