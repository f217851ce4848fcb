# Runs the tests, those of one file, or some of it: npm run test:nodes -- faults '*-Restart lies*'
param([string] $Name = '*', [string] $Only = '*')
$ErrorActionPreference = 'Stop'
Import-Module $env:NODES_PESTER
$configuration = New-PesterConfiguration
$configuration.Run.Path = @(Get-ChildItem "$PSScriptRoot/$Name.Tests.ps1" | ForEach-Object FullName)
$configuration.Filter.FullName = $Only
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration
exit ($result.Result -eq 'Passed' ? 0 : 1)
