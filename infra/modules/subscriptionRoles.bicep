// Lets the app find the integration runtimes of all factories of one subscription, and read and regenerate their keys: for a
// pattern.

targetScope = 'subscription'

@description('Id of the app\'s identity. Names of role assignments come from it, so that a second deployment finds them again.')
param identityId string

@description('Principal id of the app\'s identity.')
param principalId string

@description('Names (GUIDs) of the role definitions.')
param roleNames string[]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleName in roleNames: {
    name: guid(subscription().id, identityId, roleName)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleName)
    }
  }
]
