# The whole script as a process of its own, where it is to be killed: runNode.ps1 <node's folder> <parameters as JSON>
param([string] $Node, [string] $Json)
$given = ConvertFrom-Json $Json -AsHashtable
. "$PSScriptRoot/../Sync-IntegrationRuntimeKey.ps1" @given
. "$PSScriptRoot/standIns.ps1"
exit (Invoke-Main $given "$PSScriptRoot/../Sync-IntegrationRuntimeKey.ps1")
