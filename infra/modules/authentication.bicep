// Entra authentication in front of the HTTP functions: a caller needs a token of this tenant, has to be one of those who
// may call, and needs the function key. No client secret: tokens are checked, nobody is signed in.

import { applicationsOf, entraAuthentication } from '../callers.bicep'

@description('Name of the function app.')
param appName string

@description('Whose tokens are taken.')
param authentication entraAuthentication

@description('Where Entra signs in.')
param loginUrl string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: authentication.clientId
          openIdIssuer: uri(loginUrl, '${tenant().tenantId}/v2.0')
        }
        validation: {
          allowedAudiences: authentication.?audiences ?? [
            'api://${authentication.clientId}'
            authentication.clientId
          ]
          // Both have to hold. An empty list is not looked at, so a default for each would admit the whole tenant.
          defaultAuthorizationPolicy: {
            allowedApplications: applicationsOf(authentication)
            allowedPrincipals: {
              identities: authentication.?allowedPrincipals ?? []
            }
          }
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}
