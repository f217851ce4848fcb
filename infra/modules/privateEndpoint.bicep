// Gives one service an address inside the network.

import { tagMap } from '../types.bicep'

@description('Name of the endpoint.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Id of the service.')
param serviceId string

@description('Which part of the service: vault, blob or sites.')
param groupId 'vault' | 'blob' | 'sites'

@description('Id of the subnet.')
param subnetId string

@description('Is the endpoint entered into a zone here? Otherwise a policy does so.')
param entersZone bool

@description('Id of the private DNS zone.')
param dnsZoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: {
          privateLinkServiceId: serviceId
          groupIds: [groupId]
        }
      }
    ]
  }

  resource zoneGroup 'privateDnsZoneGroups' = if (entersZone) {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: groupId
          properties: {
            privateDnsZoneId: dnsZoneId
          }
        }
      ]
    }
  }
}
