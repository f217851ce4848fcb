# Runs the tests, or those of one file: npm run test:nodes -- faults
param([string] $Name = '*')
$ErrorActionPreference = 'Stop'
Import-Module $env:NODES_PESTER
$configuration = New-PesterConfiguration
$configuration.Run.Path = @(Get-ChildItem "$PSScriptRoot/$Name.Tests.ps1" | ForEach-Object FullName)
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration
exit ($result.Result -eq 'Passed' ? 0 : 1)
