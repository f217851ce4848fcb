// How the app reaches its vault and storage: the forms, and what can be wrong in them.

import { shapeOf } from 'names.bicep'
import { cloud } from 'types.bicep'

@sealed()
@description('Vault and storage answer on their public endpoints, to authorized callers only.')
type publicNetwork = {
  @description('Public endpoints.')
  kind: 'public'
}

@sealed()
@description('A virtual network of its own: two subnets, private endpoints, private DNS zones.')
type newVirtualNetwork = {
  @description('A virtual network made by this template.')
  kind: 'newVirtualNetwork'

  @description('Its address range, a /24 or larger, for example 10.20.0.0/24. It must not overlap with networks it is peered with.')
  @minLength(9)
  @maxLength(18)
  addressPrefix: string
}

@sealed()
@description('Subnets and private DNS zones that are there already, for example in a hub and spoke network.')
type existingSubnets = {
  @description('A virtual network made elsewhere.')
  kind: 'existingSubnets'

  @description('Id of the subnet for the app: delegated to Microsoft.App/environments, in the region of the app, /27 or larger.')
  @minLength(100)
  appSubnetId: string

  @description('Id of the subnet for the private endpoints.')
  @minLength(100)
  endpointSubnetId: string

  @description('Id of the zone privatelink.blob.core.windows.net.')
  @minLength(100)
  blobDnsZoneId: string?

  @description('Id of the zone privatelink.vaultcore.azure.net, where the template makes a vault.')
  @minLength(100)
  vaultDnsZoneId: string?

  @description('Id of the zone privatelink.azurewebsites.net, where the app itself is private.')
  @minLength(100)
  sitesDnsZoneId: string?

  @description('An Azure Policy enters the private endpoints into their zones: none is named here.')
  dnsByPolicy: bool?
}

@export()
@discriminator('kind')
@description('How the app reaches its vault and storage.')
type network = publicNetwork | newVirtualNetwork | existingSubnets

@description('Is this the ARM id of a subnet?')
func isSubnetId(id string) bool =>
  shapeOf(id) == '/subscriptions/*/resourcegroups/*/providers/microsoft.network/virtualnetworks/*/subnets/*'

@description('Is this the ARM id of the private DNS zone of a service, in whichever cloud?')
func isZoneId(id string, services string[]) bool =>
  shapeOf(id) == '/subscriptions/*/resourcegroups/*/providers/microsoft.network/privatednszones/*' && contains(
    map(services, service => 'privatelink.${service}'),
    join(take(split(toLower(last(split(id, '/'))), '.'), 2), '.')
  )

@description('What is wrong with a zone, one thing to an element.')
func wrongWithZone(property string, id string, services string[], needed bool) string[] =>
  !empty(id) && !isZoneId(id, services)
    ? ['${property}: "${id}" is not the ARM id of the zone privatelink.${services[0]}.…']
    : empty(id) && needed
        ? [
            '${property}: name the zone privatelink.${services[0]}.…, or say dnsByPolicy: true where a policy enters the endpoints'
          ]
        : []

@description('What is wrong with subnets made elsewhere, one thing to an element.')
func wrongWithSubnets(app string, endpoints string) string[] =>
  concat(
    isSubnetId(app) ? [] : ['appSubnetId: "${app}" is not the ARM id of a subnet'],
    isSubnetId(endpoints) ? [] : ['endpointSubnetId: "${endpoints}" is not the ARM id of a subnet'],
    contains(last(split(app, '/')), '_')
      ? [
          'appSubnetId: Flex Consumption takes no subnet with an underscore in its name, as "${last(split(app, '/'))}" has'
        ]
      : [],
    toLower(app) == toLower(endpoints)
      ? [
          'appSubnetId and endpointSubnetId are the same subnet: the one of the app is delegated and takes no private endpoints'
        ]
      : []
  )

@description('What is wrong with zones made elsewhere, one thing to an element.')
func wrongWithZones(byPolicy bool, blob string, vault string, sites string, hasVault bool, isPrivate bool) string[] =>
  byPolicy
    ? (empty('${blob}${vault}${sites}') ? [] : ['dnsByPolicy: a policy chooses the zones, so that none is named here'])
    : concat(
        wrongWithZone('blobDnsZoneId', blob, ['blob'], true),
        wrongWithZone('vaultDnsZoneId', vault, ['vaultcore'], hasVault),
        wrongWithZone('sitesDnsZoneId', sites, ['azurewebsites', 'chinacloudsites'], isPrivate)
      )

@description('Is this an address range in which two subnets of /26 fit?')
func isRangeForTwo(prefix string) bool =>
  length(split(prefix, '.')) == 4 && contains(map(range(8, 18), bits => string(bits)), last(split('/${prefix}', '/')))

@description('What is wrong with a network, one thing to an element.')
func wrongWith(networking network, hasVault bool, isPrivate bool) string[] =>
  networking.kind == 'public'
    ? []
    : networking.kind == 'newVirtualNetwork'
        ? (isRangeForTwo(networking.?addressPrefix ?? '')
            ? []
            : [
                'addressPrefix: "${networking.?addressPrefix}" is no range for two subnets of /26, give a /24 such as 10.20.0.0/24'
              ])
        : concat(
            wrongWithSubnets(networking.?appSubnetId ?? '', networking.?endpointSubnetId ?? ''),
            wrongWithZones(
              networking.?dnsByPolicy ?? false,
              networking.?blobDnsZoneId ?? '',
              networking.?vaultDnsZoneId ?? '',
              networking.?sitesDnsZoneId ?? '',
              hasVault,
              isPrivate
            )
          )

@export()
@description('The parameter `networking` as it is, when its subnets and zones can be what they are named for.')
func checkedNetwork(networking network, hasVault bool, isPrivate bool) network =>
  empty(wrongWith(networking, hasVault, isPrivate))
    ? networking
    : fail('networking.${join(wrongWith(networking, hasVault, isPrivate), '; ')}')

@export()
@description('Does the template enter private endpoints into zones? Otherwise a policy does.')
func entersZones(networking network) bool => !(networking.?dnsByPolicy ?? false)

@description('What follows an app\'s name in each cloud, by what follows the name of storage there.')
func sitesSuffix(storageSuffix string) string =>
  contains(storageSuffix, 'chinacloudapi')
    ? 'chinacloudsites.cn'
    : contains(storageSuffix, 'usgovcloudapi') ? 'azurewebsites.us' : 'azurewebsites.net'

@export()
@description('The private DNS zones of the cloud.')
func privateZones(addresses cloud) { blob: string, vault: string, sites: string } => {
  blob: 'privatelink.blob.${addresses.storageSuffix}'
  vault: 'privatelink${replace(addresses.vaultSuffix, '.vault.', '.vaultcore.')}'
  sites: 'privatelink.${sitesSuffix(addresses.storageSuffix)}'
}
