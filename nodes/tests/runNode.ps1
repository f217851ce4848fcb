# The whole script as a process of its own, where it is to be killed: runNode.ps1 <node's folder>, which holds the
# parameters as JSON.
param([string] $Node)
[System.IO.File]::WriteAllText("$Node/pid", "$PID")
$given = ConvertFrom-Json ([System.IO.File]::ReadAllText("$Node/parameters")) -AsHashtable
. "$PSScriptRoot/../Sync-IntegrationRuntimeKey.ps1" @given
. "$PSScriptRoot/standIns.ps1"
exit (Invoke-Main $given "$PSScriptRoot/../Sync-IntegrationRuntimeKey.ps1")
