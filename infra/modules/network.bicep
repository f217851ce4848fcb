// A virtual network for the app and the private endpoints, with the zones in which their names resolve.

import { tagMap } from '../types.bicep'

@description('Ending of the names.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Address range of the virtual network.')
param addressPrefix string

@description('Private DNS zone of blob storage.')
param blobDnsZone string

@description('Private DNS zone of Key Vault.')
param vaultDnsZone string

var zoneNames = [blobDnsZone, vaultDnsZone]

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: 'vnet-${suffix}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [
            {
              name: 'app'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zoneName in zoneNames: {
    name: zoneName
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zoneName, i) in zoneNames: {
    parent: zones[i]
    name: virtualNetwork.name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: virtualNetwork.id
      }
    }
  }
]

@description('Id of the subnet for the app.')
output appSubnetId string = virtualNetwork::appSubnet.id

@description('Id of the subnet for the private endpoints.')
output endpointSubnetId string = virtualNetwork::endpointSubnet.id

@description('Id of the zone of blob storage.')
output blobDnsZoneId string = zones[0].id

@description('Id of the zone of Key Vault.')
output vaultDnsZoneId string = zones[1].id
