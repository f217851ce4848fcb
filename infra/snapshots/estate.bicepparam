// An estate as it may be: 35 runtimes in six factories and three subscriptions, two existing vaults, one of them private,
// a network that is there, and a deployer who may assign roles and define none.
using '../main.bicep'

var one = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups'
var two = '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups'
var three = '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups'
var hub = '${one}/rg-hub/providers/Microsoft.Network'
var publicVault = { id: '${one}/rg-sales/providers/Microsoft.KeyVault/vaults/kv-sales' }
var privateVault = { id: '${two}/rg-plants/providers/Microsoft.KeyVault/vaults/kv-plants', roleScope: 'secret' }
var factories = [
  { id: '${one}/rg-sales/providers/Microsoft.DataFactory/factories/adf-sales', runtimes: 6, vault: publicVault }
  { id: '${one}/rg-sales/providers/Microsoft.DataFactory/factories/adf-returns', runtimes: 6, vault: publicVault }
  { id: '${two}/rg-plants/providers/Microsoft.DataFactory/factories/adf-north', runtimes: 6, vault: privateVault }
  { id: '${two}/rg-plants/providers/Microsoft.DataFactory/factories/adf-south', runtimes: 6, vault: privateVault }
  { id: '${three}/rg-labs/providers/Microsoft.DataFactory/factories/adf-labs', runtimes: 6, vault: publicVault }
  { id: '${three}/rg-finance/providers/Microsoft.DataFactory/factories/adf-finance', runtimes: 5, vault: publicVault }
]

// Spelled out, because a snapshot is made without Azure and can't ask which cloud it is.
param addresses = loadJsonContent('publicCloud.json')
param alertEmails = ['ops@example.com']
param roles = {
  dataFactory: '44444444-4444-4444-4444-444444444444'
  vault: '55555555-5555-5555-5555-555555555555'
}
param networking = {
  kind: 'existingSubnets'
  appSubnetId: '${hub}/virtualNetworks/spoke/subnets/functions'
  endpointSubnetId: '${hub}/virtualNetworks/spoke/subnets/endpoints'
  vaultDnsZoneId: '${hub}/privateDnsZones/privatelink.vaultcore.azure.net'
  blobDnsZoneId: '${hub}/privateDnsZones/privatelink.blob.core.windows.net'
}
param runtimes = flatten(map(
  factories,
  factory =>
    map(range(1, factory.runtimes), n => { id: '${factory.id}/integrationRuntimes/runtime-${n}', vault: factory.vault })
))
