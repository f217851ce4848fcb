// Many runtimes over two subscriptions, in existing vaults: one by secret, one as a whole, beside the template's own.
using '../main.bicep'

var sales = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-sales/providers'
var plants = '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/RG-Plants/providers'

// Spelled out, because a snapshot is made without Azure and can't ask which cloud it is.
param addresses = loadJsonContent('publicCloud.json')
param alertEmails = ['ops@example.com', 'data@example.com']
param alertActionGroupIds = [
  '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-oncall/providers/Microsoft.Insights/actionGroups/on-call'
]
param tags = { owner: 'data-platform' }
param tick = { hour: 22, minute: 5, timesPerDay: 4 }
param rotateEveryDays = 14
param overlapHours = 12
param graceDays = 40
param concurrency = 16
param formerResourceGroupIds = ['/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/RG-Closed']
param runtimes = [
  { id: '${sales}/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem' }
  { id: '${sales}/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/cloud', secretName: 'sales-cloud' }
  {
    id: '${sales}/Microsoft.DataFactory/factories/adf-returns/integrationRuntimes/onprem'
    vault: { id: '${sales}/Microsoft.KeyVault/vaults/kv-sales', roleScope: 'vault' }
    rotateEveryDays: 90
    overlapHours: 336
  }
  {
    id: '${plants}/Microsoft.DataFactory/factories/adf-plant-north/integrationRuntimes/shopfloor'
    vault: { id: '${plants}/Microsoft.KeyVault/vaults/kv-plants', roleScope: 'secret' }
  }
  {
    id: '${plants}/microsoft.datafactory/factories/adf-plant-south/integrationruntimes/shopfloor'
    vault: { id: '${plants}/microsoft.keyvault/vaults/KV-Plants', roleScope: 'secret' }
    secretName: 'south-shopfloor'
  }
]
