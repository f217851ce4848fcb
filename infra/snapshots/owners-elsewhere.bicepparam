// Factories and an existing vault of others, who assign the app's roles themselves.
using '../main.bicep'

var sales = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-sales/providers'

// Spelled out, because a snapshot is made without Azure and can't ask which cloud it is.
param addresses = loadJsonContent('publicCloud.json')
param alertEmails = ['ops@example.com']
param roles = {
  dataFactory: '44444444-4444-4444-4444-444444444444'
  vault: '55555555-5555-5555-5555-555555555555'
}
param assignments = 'elsewhere'
param runtimes = [
  { id: '${sales}/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem' }
  {
    id: '${sales}/Microsoft.DataFactory/factories/adf-returns/integrationRuntimes/onprem'
    vault: { id: '${sales}/Microsoft.KeyVault/vaults/kv-sales' }
  }
]
