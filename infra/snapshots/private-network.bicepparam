// A virtual network of its own, and Entra in front of the HTTP functions.
using '../main.bicep'

// Spelled out, because a snapshot is made without Azure and can't ask which cloud it is.
param addresses = loadJsonContent('publicCloud.json')
param alertEmails = ['ops@example.com']
param networking = { kind: 'newVirtualNetwork', addressPrefix: '10.20.0.0/24' }
param authentication = { clientId: '33333333-3333-3333-3333-333333333333' }
param runtimes = [
  {
    id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem'
  }
]
