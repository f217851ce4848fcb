// Who may call the HTTP functions where Entra stands in front of them: the form, and what can be wrong in it.

import { isGuid } from 'names.bicep'

@export()
@sealed()
@description('Entra authentication in front of the HTTP functions, beside the function key. Without a list of those who may call, nobody does but the registration itself.')
type entraAuthentication = {
  @description('Client id of the app registration that stands for this service.')
  @minLength(36)
  @maxLength(36)
  clientId: string

  @description('Accepted audiences. Default: api://{clientId} and {clientId}.')
  audiences: string[]?

  @description('Client ids of applications that may call: a token has to be obtained by one of them.')
  @minLength(1)
  allowedApplications: string[]?

  @description('Object ids of people, service principals and managed identities that may call: a token has to be for one of them. App Service takes 500 characters of them.')
  @minLength(1)
  @maxLength(13)
  allowedPrincipals: string[]?
}

// By these anybody of a tenant gets a token: Azure CLI, Azure PowerShell, Visual Studio Code, Azure portal.
var everybodysClients = [
  '04b07795-8ddb-461a-bbee-02f9e1bf7b46'
  '1950a258-227b-4e31-a9cf-717495945fc2'
  'aebc6443-996d-45c2-90f0-388ff96faa56'
  'c44b4083-3bb0-49c1-b47d-974e53cbdf3c'
]

@export()
@description('The applications whose tokens are taken. Empty: whichever, of the principals that are named.')
func applicationsOf(authentication entraAuthentication) string[] =>
  authentication.?allowedApplications ?? (authentication.?allowedPrincipals == null ? [authentication.clientId] : [])

@description('Ids that are no GUIDs.')
func wrongIds(authentication entraAuthentication) string[] =>
  filter(
    concat(
      [authentication.clientId],
      authentication.?allowedApplications ?? [],
      authentication.?allowedPrincipals ?? []
    ),
    id => !isGuid(id)
  )

@description('Applications by which everybody of the tenant would get in.')
func openTo(authentication entraAuthentication) string[] =>
  authentication.?allowedPrincipals == null
    ? filter(applicationsOf(authentication), id => contains(everybodysClients, toLower(id)))
    : []

@export()
@description('The parameter `authentication` as it is, when it names GUIDs and does not admit the whole tenant.')
func checkedAuthentication(authentication entraAuthentication?) entraAuthentication? =>
  authentication == null
    ? null
    : !empty(wrongIds(authentication!))
        ? fail('authentication: "${wrongIds(authentication!)[0]}" is no GUID')
        : !empty(openTo(authentication!))
            ? fail('authentication.allowedApplications: with ${openTo(authentication!)[0]} everybody of the tenant gets a token (Azure CLI, Azure PowerShell, Visual Studio Code, Azure portal); say in allowedPrincipals who may call')
            : authentication
