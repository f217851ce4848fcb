// Subnets and DNS zones of a hub and spoke network; every runtime has a vault already, so none is made.
using '../main.bicep'

var hub = '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-hub/providers/Microsoft.Network'

// Spelled out, because a snapshot is made without Azure and can't ask which cloud it is.
param addresses = loadJsonContent('publicCloud.json')
param alertEmails = ['ops@example.com']
param networking = {
  kind: 'existingSubnets'
  appSubnetId: '${hub}/virtualNetworks/spoke/subnets/functions'
  endpointSubnetId: '${hub}/virtualNetworks/spoke/subnets/endpoints'
  vaultDnsZoneId: '${hub}/privateDnsZones/privatelink.vaultcore.azure.net'
  blobDnsZoneId: '${hub}/privateDnsZones/privatelink.blob.core.windows.net'
}
param runtimes = [
  {
    id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem'
    vault: {
      id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.KeyVault/vaults/kv-sales'
    }
  }
]
