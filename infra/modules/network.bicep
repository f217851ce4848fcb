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

@description('Names of the private DNS zones.')
param zoneNames string[]

module security 'networkSecurity.bicep' = {
  params: {
    suffix: suffix
    location: location
    tags: tags
    appPrefix: cidrSubnet(addressPrefix, 26, 0)
  }
}

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
          networkSecurityGroup: {
            id: security.outputs.appGroupId
          }
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
          networkSecurityGroup: {
            id: security.outputs.endpointGroupId
          }
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
      // Otherwise a vault of others that has an endpoint elsewhere would have no name here, though it answers in public.
      resolutionPolicy: 'NxDomainRedirect'
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

@description('Ids of the zones, in the order of their names.')
output zoneIds string[] = [for i in range(0, length(zoneNames)): zones[i].id]
