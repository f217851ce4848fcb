// Private endpoints for storage and vault, in a network of their own or in one that is there already.

import { entersZones, network } from '../networks.bicep'
import { tagMap } from '../types.bicep'

@description('Ending of the names.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Which network.')
param networking network

@description('Id of the storage account.')
param storageId string

@description('Is there a vault to reach?')
param hasVault bool

@description('Id of the vault.')
param vaultId string?

@description('Does the app itself get an endpoint, too?')
param hasSites bool

@description('Names of the private DNS zones.')
param zones { blob: string, vault: string, sites: string }

// No zone that nothing is entered into: it would hide the public names of others.
var zoneNames = concat([zones.blob], hasVault ? [zones.vault] : [], hasSites ? [zones.sites] : [])

module virtualNetwork 'network.bicep' = if (networking.kind == 'newVirtualNetwork') {
  params: {
    suffix: suffix
    location: location
    tags: tags
    addressPrefix: networking.?addressPrefix ?? ''
    zoneNames: zoneNames
  }
}

var endpointSubnet = networking.?endpointSubnetId ?? virtualNetwork!.outputs.endpointSubnetId
var isNew = networking.kind == 'newVirtualNetwork'

module blobEndpoint 'privateEndpoint.bicep' = {
  params: {
    name: 'pe-blob-${suffix}'
    location: location
    tags: tags
    serviceId: storageId
    groupId: 'blob'
    subnetId: endpointSubnet
    entersZone: entersZones(networking)
    dnsZoneId: isNew ? virtualNetwork!.outputs.zoneIds[0] : networking.?blobDnsZoneId ?? ''
  }
}

module vaultEndpoint 'privateEndpoint.bicep' = if (hasVault) {
  params: {
    name: 'pe-vault-${suffix}'
    location: location
    tags: tags
    serviceId: vaultId!
    groupId: 'vault'
    subnetId: endpointSubnet
    entersZone: entersZones(networking)
    dnsZoneId: isNew ? virtualNetwork!.outputs.zoneIds[1] : networking.?vaultDnsZoneId ?? ''
  }
}

@description('Id of the subnet for the app.')
output appSubnetId string = networking.?appSubnetId ?? virtualNetwork!.outputs.appSubnetId

@description('Id of the subnet for the private endpoints.')
output endpointSubnetId string = endpointSubnet

@description('Id of the zone in which the app\'s own endpoint is entered; none where a policy sees to that.')
output sitesDnsZoneId string? = hasSites && isNew ? last(virtualNetwork!.outputs.zoneIds) : networking.?sitesDnsZoneId
