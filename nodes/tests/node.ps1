# The tests' way to a node: a folder with the stand-in for dmgcmd, and the script run against it.

function Invoke-Lever([string] $Lever, [hashtable] $Body = @{}) {
  Invoke-RestMethod "$env:NODES_WORLD/control/$Lever" -Method Post -Body (ConvertTo-Json $Body) -NoProxy
}

# A new Azure, and a machine with the runtime installed but not registered. Returns the machine's folder.
function New-Node {
  $node = Join-Path $env:NODES_SCRATCH "node-$([guid]::NewGuid().ToString('N'))"
  $null = New-Item -ItemType Directory $node
  Copy-Item "$PSScriptRoot/dmgcmd" $node
  # Noon of a day without a change of the clocks.
  Write-Node $node clock ([DateTime]::new(2026, 3, 10, 12, 0, 0).Ticks)
  Write-Node $node service 'Running'
  Write-Node $node process '1'
  $null = Set-Live $node (Invoke-Lever reset)
  $node
}

# What the service accepts now. Returns what it was given.
function Set-Live([string] $Node, $World) {
  Set-Content "$Node/live" (@($World.live) + @($World.otherLive))
  $World
}

function Get-Parameters([string] $Node, [hashtable] $More = @{}) {
  $parameters = @{
    SecretUrl = 'https://contoso.vault.azure.net/secrets/contoso-onprem'; Identity = 'Azure'; NodeName = 'SHIR01'
    Folder = "$Node/program"; DmgcmdPath = "$Node/dmgcmd"; ImdsUrl = "$env:NODES_WORLD/metadata/identity/oauth2/token"
    ArcUrl = "$env:NODES_WORLD/arc/metadata/identity/oauth2/token"; ArcTokenFolder = $env:NODES_SCRATCH
  }
  foreach ($name in $More.Keys) { if ($null -eq $More[$name]) { $parameters.Remove($name) } else { $parameters[$name] = $More[$name] } }
  $parameters
}

# The script in this process: @{ Code; Text (all that it prints) }.
function Invoke-Script([string] $Node, [hashtable] $More = @{}, [scriptblock] $With = {}) {
  $given = Get-Parameters $Node $More
  $printed = & {
    . "$PSScriptRoot/../Sync-IntegrationRuntimeKey.ps1" @given
    . "$PSScriptRoot/standIns.ps1"
    . $With
    "exit $(Invoke-Main $given "$PSScriptRoot/../Sync-IntegrationRuntimeKey.ps1")"
  } *>&1 | Out-String -Width 4096
  $null = $printed -match 'exit (\d+)\s*$'
  @{ Code = [int] $Matches[1]; Text = $printed }
}

# The script as a process of its own, which something may kill: @{ Code; Text }.
function Invoke-Process([string] $Node, [hashtable] $More = @{}) {
  $command, [string[]] $arguments = ConvertFrom-Json $env:NODES_POWERSHELL
  Write-Node $Node parameters (ConvertTo-Json -Compress (Get-Parameters $Node $More))
  $text = & $command @arguments -NoProfile -NonInteractive -File "$PSScriptRoot/runNode.ps1" $Node *>&1 | Out-String -Width 4096
  @{ Code = $LASTEXITCODE; Text = $text }
}

function Read-Node([string] $Node, [string] $Name) { if (Test-Path "$Node/$Name") { Get-Content -Raw "$Node/$Name" } else { '' } }
function Write-Node([string] $Node, [string] $Name, [string] $Text) { [System.IO.File]::WriteAllText("$Node/$Name", $Text) }
function Skip-Time([string] $Node, [TimeSpan] $Time) { Write-Node $Node clock ([long] (Read-Node $Node clock) + $Time.Ticks) }
function Get-State([string] $Node) { Get-Content -Raw "$Node/program/state.json" | ConvertFrom-Json }
# What was asked of dmgcmd, without looks at the connection and without keys.
function Get-Calls([string] $Node) { @(Get-Content "$Node/calls" -ErrorAction Ignore | ForEach-Object { ($_ -split ' ')[0] } | Where-Object { $_ -ne '-cgc' }) }
function Clear-Calls([string] $Node) { Remove-Item "$Node/calls" -ErrorAction Ignore }
# As the service sees it, whatever dmgcmd says.
function Test-Online([string] $Node) { (Read-Node $Node service) -eq 'Running' -and (Read-Node $Node session) -in @(Get-Content "$Node/live") }

# A node that was installed by hand with the key that the vault names at first, and knows nothing of the script.
function New-RegisteredNode {
  $node = New-Node
  $world = Invoke-Lever look
  foreach ($name in 'key', 'session') { Write-Node $node $name $world.key }
  Write-Node $node HaveRun 'Mdw'
  $node
}

# A rotation by the service: the vault names a new value of the other key, and what that key was before is dead.
function Invoke-Rotation([string] $Node) { Set-Live $Node (Invoke-Lever rotate) }

# Nothing that the script left behind or printed may hold a key, a token or a challenge: each made-up one has this word.
function Assert-Discreet([string] $Node, $Runs) {
  $files = @("$Node/events", "$Node/task.xml") + @(Get-ChildItem "$Node/program" -File -ErrorAction Ignore | ForEach-Object FullName)
  $traces = @($Runs | ForEach-Object { $_.Text }) + @($files | Where-Object { Test-Path $_ } | ForEach-Object { Get-Content -Raw $_ })
  if (($traces -join "`n") -match 'FAKE') { throw 'A secret was printed or written' }
}
