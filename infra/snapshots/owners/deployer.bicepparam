// What an Owner deploys for the pipeline, on the resource group of a vault.
using '../../deployer.bicep'

param deployerId = '99999999-9999-9999-9999-999999999999'
param roleName = '12121212-1212-1212-1212-121212121212'
param mayAssign = '55555555-5555-5555-5555-555555555555,44444444-4444-4444-4444-444444444444'
