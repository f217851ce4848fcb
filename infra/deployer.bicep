// What an Owner deploys, once for each resource group, so that the deployer of main.bicep needs to be no Owner and no User
// Access Administrator: a role, with a condition on which roles its holder may assign in turn, to service principals only,
// and take away. Lists come with commas, which every shell passes on.

@description('Object id of the deployer: of the group, the service principal or the managed identity that deploys main.bicep.')
@minLength(36)
@maxLength(36)
param deployerId string

@description('What the deployer is.')
param deployerType 'ServicePrincipal' | 'Group' | 'User' = 'ServicePrincipal'

@description('Role definition (GUID) that the deployer gets here.')
@minLength(36)
@maxLength(36)
param roleName string

@description('Role definitions (GUIDs) that the deployer may assign here.')
@minLength(36)
param mayAssign string

@description('What holds of a role assignment, in the words of Azure\'s conditions: it is one of these roles, for a service principal.')
func mayBe(source string, roles string) string =>
  '${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roles}} AND ${source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {\'ServicePrincipal\'}'

@description('Whoever does this may only do it to such an assignment.')
func onlyIf(action string, assignment string) string =>
  '((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/${action}\'})) OR (${assignment}))'

var roles = join(split(mayAssign, ','), ', ')

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, deployerId, roleName, mayAssign)
  properties: {
    principalId: deployerId
    principalType: deployerType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleName)
    conditionVersion: '2.0'
    // A new assignment is in the request, one that goes is a resource.
    condition: '${onlyIf('write', mayBe('@Request', roles))} AND ${onlyIf('delete', mayBe('@Resource', roles))}'
  }
}
