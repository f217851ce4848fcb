// Patterns over a factory, a resource group and a subscription, beside a runtime with an entry of its own; one in an
// existing vault.
using '../main.bicep'

var one = '/subscriptions/11111111-1111-1111-1111-111111111111'
var two = '/subscriptions/22222222-2222-2222-2222-222222222222'

// Spelled out, because a snapshot is made without Azure and can't ask which cloud it is.
param addresses = loadJsonContent('publicCloud.json')
param alertEmails = ['ops@example.com']
param runtimes = [
  {
    id: '${one}/resourceGroups/rg-sales/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/*'
    vault: { id: '${one}/resourceGroups/rg-sales/providers/Microsoft.KeyVault/vaults/kv-sales', roleScope: 'vault' }
    except: [
      'onprem'
      '${one}/resourceGroups/rg-sales/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/lab'
    ]
    rotateEveryDays: 90
  }
  {
    id: '${one}/resourceGroups/rg-sales/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem'
    vault: { id: '${one}/resourceGroups/rg-sales/providers/Microsoft.KeyVault/vaults/kv-sales' }
  }
  { id: '${one}/resourceGroups/rg-plants/providers/Microsoft.DataFactory/factories/*/integrationRuntimes/*' }
  { id: '${two}/providers/Microsoft.DataFactory/factories/*/integrationRuntimes/*', nodes: 'ignore' }
]
