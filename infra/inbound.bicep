// Who reaches the app itself: the forms, what can be wrong in them, and how a site says so.

import { isAddressRange } from 'names.bicep'

@sealed()
@description('The app, its admin endpoints and the endpoint for deployments answer everybody, by key or token.')
type publicInbound = {
  @description('From everywhere.')
  kind: 'public'
}

@sealed()
@description('They answer these addresses only.')
type allowedAddresses = {
  @description('From these addresses.')
  kind: 'allowedAddresses'

  @description('Ranges of IPv4 addresses, for example 203.0.113.0/28 or 203.0.113.7/32.')
  @minLength(1)
  @maxLength(400)
  addresses: string[]
}

@sealed()
@description('They answer on a private endpoint only.')
type privateInbound = {
  @description('From inside the network.')
  kind: 'private'
}

@export()
@discriminator('kind')
@description('Who reaches the app.')
type inboundAccess = publicInbound | allowedAddresses | privateInbound

@description('Addresses that are no range.')
func wrongAddresses(inbound inboundAccess) string[] =>
  inbound.kind == 'allowedAddresses' ? filter(inbound.?addresses ?? [], address => !isAddressRange(address)) : []

@export()
@description('The parameter `inbound` as it is, when there is a network to be private in, and addresses are ranges.')
func checkedInbound(inbound inboundAccess, hasNetwork bool) inboundAccess =>
  inbound.kind == 'private' && !hasNetwork
    ? fail('inbound: \'private\' takes a network for the endpoint: set networking, too')
    : empty(wrongAddresses(inbound))
        ? inbound
        : fail('inbound.addresses: "${join(wrongAddresses(inbound), '", "')}" is no range of IPv4 addresses such as 203.0.113.0/28, or one that holds everybody')

@sealed()
@description('Lets a range of addresses in.')
type allowance = {
  @description('Its name.')
  name: string

  @description('The range.')
  ipAddress: string

  @description('Lets it in.')
  action: 'Allow'

  @description('Its place.')
  priority: int
}

@sealed()
@description('Access restrictions of a site.')
type siteRestrictions = {
  @description('Who is let in.')
  ipSecurityRestrictions: allowance[]?

  @description('What becomes of others.')
  ipSecurityRestrictionsDefaultAction: 'Deny'?

  @description('Does the endpoint for deployments follow the app?')
  scmIpSecurityRestrictionsUseMain: bool?

  @description('What becomes of others there.')
  scmIpSecurityRestrictionsDefaultAction: 'Deny'?
}

@export()
@description('What the site lets in, as its configuration has it. The endpoint for deployments follows the app.')
func restrictionsOf(inbound inboundAccess) siteRestrictions =>
  inbound.kind == 'allowedAddresses'
    ? {
        ipSecurityRestrictions: map(
          inbound.?addresses ?? [],
          (address, i) => { name: 'allowed-${i + 1}', ipAddress: address, action: 'Allow', priority: 100 + i }
        )
        ipSecurityRestrictionsDefaultAction: 'Deny'
        scmIpSecurityRestrictionsUseMain: true
        scmIpSecurityRestrictionsDefaultAction: 'Deny'
      }
    : {}
