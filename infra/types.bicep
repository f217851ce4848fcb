// The forms that the template accepts. Whatever can be wrong in them is refused by the compiler or by validation,
// before anything is deployed.

@sealed()
@description('A vault that is there already, with RBAC authorization on.')
type existingVault = {
  @description('ARM id of the vault.')
  @minLength(108)
  @maxLength(218)
  id: string

  @description('Where the app\'s role is assigned: on the runtime\'s secret alone (default), which the deployment makes with a placeholder where it is missing; or on the vault, with every secret in it.')
  roleScope: ('vault' | 'secret')?
}

@export()
@sealed()
@description('One self-hosted integration runtime whose keys are rotated, or all of a factory, a resource group or a subscription.')
type runtime = {
  @description('ARM id of the integration runtime, as the portal shows it (type SelfHosted, not linked). With * for its name, and for that of its factory, a pattern.')
  @minLength(117)
  @maxLength(347)
  id: string

  @description('Of a pattern: ARM ids or names of runtimes that it leaves out.')
  except: string[]?

  @description('Name of the secret that names the published key. Default: {factory}-{runtime}. A pattern takes none.')
  @minLength(1)
  @maxLength(127)
  secretName: string?

  @description('An existing vault for the secret. Left out: the vault that this template makes.')
  vault: existingVault?

  @description('Overrides rotateEveryDays for this runtime.')
  @minValue(2)
  @maxValue(365)
  rotateEveryDays: int?

  @description('Overrides overlapHours for this runtime.')
  @minValue(1)
  @maxValue(8736)
  overlapHours: int?

  @description('Overrides nodes for this runtime.')
  nodes: ('watch' | 'ignore')?

  @description('Overrides paused for this runtime.')
  paused: bool?
}

@export()
@sealed()
@description('When the timer ticks, UTC. At least once a day: the alert on a missing run looks back two days.')
type schedule = {
  @description('Hour of the first tick of the day.')
  @minValue(0)
  @maxValue(23)
  hour: int

  @description('Minute of every tick.')
  @minValue(0)
  @maxValue(59)
  minute: int

  @description('Ticks per day, spread evenly.')
  timesPerDay: 1 | 2 | 3 | 4 | 6 | 8 | 12 | 24
}

@export()
@sealed()
@description('Role definitions made beforehand, for a deployer who may not define roles.')
type existingRoles = {
  @description('Role definition (GUID) with integrationruntimes read, listauthkeys and regenerateauthkey.')
  @minLength(36)
  @maxLength(36)
  dataFactory: string

  @description('Role definition (GUID) with the data actions secrets getSecret, setSecret, update and readMetadata.')
  @minLength(36)
  @maxLength(36)
  vault: string

  @description('Role definition (GUID) with factories read, where a pattern stands for several factories.')
  @minLength(36)
  @maxLength(36)
  finder: string?
}

@export()
@sealed()
@description('Addresses that differ between Azure\'s clouds.')
type cloud = {
  @description('Azure Resource Manager, for example https://management.azure.com.')
  resourceManagerUrl: string

  @description('What follows a vault\'s name, for example .vault.azure.net.')
  vaultSuffix: string

  @description('What follows a storage account\'s service, for example core.windows.net.')
  storageSuffix: string

  @description('Where Entra signs in, for example https://login.microsoftonline.com.')
  loginUrl: string

  @description('The portal, for links. Left out: that of the cloud that is deployed to.')
  portalUrl: string?
}

@export()
@description('Tags of a resource.')
type tagMap = {
  @description('Value of a tag.')
  *: string
}

@export()
@sealed()
@description('The app settings that say what the app is to do.')
type rotationSettings = {
  @description('NCRONTAB of the timer.')
  schedule: string

  @description('RUNTIMES.')
  runtimes: string

  @description('KEY_VAULT_URL, where an entry needs it.')
  keyVaultUrl: string?

  @description('ROTATE_EVERY.')
  rotateEvery: string

  @description('OVERLAP.')
  overlap: string

  @description('VALIDITY.')
  validity: string

  @description('NODES.')
  nodes: string

  @description('SOAK.')
  soak: string

  @description('PAUSED.')
  paused: bool

  @description('CONCURRENCY.')
  concurrency: int

  @description('AZURE_RESOURCE_MANAGER_URL.')
  resourceManagerUrl: string
}
