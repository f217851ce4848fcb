// A public app that answers some addresses only, and no call but those of one managed identity.
using '../main.bicep'

// Spelled out, because a snapshot is made without Azure and can't ask which cloud it is.
param addresses = loadJsonContent('publicCloud.json')
param alertEmails = ['ops@example.com']
param inbound = { kind: 'allowedAddresses', addresses: ['203.0.113.0/28', '198.51.100.7/32'] }
param authentication = {
  clientId: '33333333-3333-3333-3333-333333333333'
  allowedPrincipals: ['88888888-8888-8888-8888-888888888888']
}
param runtimes = [
  {
    id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem'
  }
]
