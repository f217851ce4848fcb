// What may go in and out of the two subnets. The app calls out and nobody calls in: its own HTTP endpoint does not lie in
// its subnet. The platform's DNS is no matter of these rules.

import { tagMap } from '../types.bicep'

@description('Ending of the names.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Address range of the subnet of the app.')
param appPrefix string

// The services that the app calls, by Azure's names for their addresses: private endpoints in this and in peered
// networks, tokens, keys of runtimes, telemetry, vaults of others that are public.
var services = ['VirtualNetwork', 'AzureActiveDirectory', 'AzureResourceManager', 'AzureMonitor', 'AzureKeyVault']

resource appGroup 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: 'nsg-app-${suffix}'
  location: location
  tags: tags
  properties: {
    securityRules: concat(
      map(services, (service, i) => {
        name: 'out-${service}'
        properties: {
          direction: 'Outbound'
          access: 'Allow'
          priority: 100 + i
          protocol: 'Tcp'
          sourceAddressPrefix: appPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: service
          destinationPortRange: '443'
        }
      }),
      [
        {
          name: 'out-nothing-else'
          properties: {
            direction: 'Outbound'
            access: 'Deny'
            priority: 4000
            protocol: '*'
            sourceAddressPrefix: '*'
            sourcePortRange: '*'
            destinationAddressPrefix: 'Internet'
            destinationPortRange: '*'
          }
        }
        {
          name: 'in-itself'
          properties: {
            direction: 'Inbound'
            access: 'Allow'
            priority: 100
            protocol: '*'
            sourceAddressPrefix: appPrefix
            sourcePortRange: '*'
            destinationAddressPrefix: appPrefix
            destinationPortRange: '*'
          }
        }
        {
          // Azure's own rules refuse the Internet; they would let in whatever is in this or in a peered network.
          name: 'in-nothing-from-others'
          properties: {
            direction: 'Inbound'
            access: 'Deny'
            priority: 4000
            protocol: '*'
            sourceAddressPrefix: 'VirtualNetwork'
            sourcePortRange: '*'
            destinationAddressPrefix: appPrefix
            destinationPortRange: '*'
          }
        }
      ]
    )
  }
}

resource endpointGroup 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: 'nsg-endpoints-${suffix}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'in-https'
        properties: {
          direction: 'Inbound'
          access: 'Allow'
          priority: 100
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '443'
        }
      }
      {
        name: 'in-nothing-else'
        properties: {
          direction: 'Inbound'
          access: 'Deny'
          priority: 4000
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
      {
        name: 'out-nothing'
        properties: {
          direction: 'Outbound'
          access: 'Deny'
          priority: 4000
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

@description('Id of the group of the subnet of the app.')
output appGroupId string = appGroup.id

@description('Id of the group of the subnet of the private endpoints.')
output endpointGroupId string = endpointGroup.id
