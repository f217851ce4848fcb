// Private endpoints for storage and vault, in a network of their own or in one that is there already.

import { network, tagMap } from '../types.bicep'

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

@description('Private DNS zone of blob storage.')
param blobDnsZone string

@description('Private DNS zone of Key Vault.')
param vaultDnsZone string

module virtualNetwork 'network.bicep' = if (networking.kind == 'newVirtualNetwork') {
  params: {
    suffix: suffix
    location: location
    tags: tags
    addressPrefix: networking.?addressPrefix ?? ''
    blobDnsZone: blobDnsZone
    vaultDnsZone: vaultDnsZone
  }
}

var endpointSubnetId = networking.?endpointSubnetId ?? virtualNetwork!.outputs.endpointSubnetId

module blobEndpoint 'privateEndpoint.bicep' = {
  params: {
    name: 'pe-blob-${suffix}'
    location: location
    tags: tags
    serviceId: storageId
    groupId: 'blob'
    subnetId: endpointSubnetId
    dnsZoneId: networking.?blobDnsZoneId ?? virtualNetwork!.outputs.blobDnsZoneId
  }
}

module vaultEndpoint 'privateEndpoint.bicep' = if (hasVault) {
  params: {
    name: 'pe-vault-${suffix}'
    location: location
    tags: tags
    serviceId: vaultId!
    groupId: 'vault'
    subnetId: endpointSubnetId
    dnsZoneId: networking.?vaultDnsZoneId ?? virtualNetwork!.outputs.vaultDnsZoneId
  }
}

@description('Id of the subnet for the app.')
output appSubnetId string = networking.?appSubnetId ?? virtualNetwork!.outputs.appSubnetId
