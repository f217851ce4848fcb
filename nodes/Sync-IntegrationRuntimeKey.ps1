#Requires -Version 5.1
<#
.SYNOPSIS
Keeps the node of a self-hosted integration runtime on this machine on the auth key that Key Vault names.

.DESCRIPTION
Reads the latest version of one secret with the machine's own identity. A node that is not registered is registered
with it. A registered node is given the new key and restarted when the version is another than the one that it took
last; otherwise nothing happens. Run it at boot, by a scheduled task (-Install), or as the start of a container
(-Container). docs/nodes.md says what is known, what is assumed and how to find out.

Exit codes: 0 done, nothing to do, or waiting for its turn; 1 failed, the next run tries again; 2 a person is needed.

.PARAMETER SecretUrl
The secret without a version: https://contoso.vault.azure.net/secrets/adf-sales-onprem

.PARAMETER Identity
Azure (a VM, a scale set), Arc (a server elsewhere), or Auto, which finds out.

.PARAMETER ClientId
Client id of a user-assigned identity. Only on Azure; without it the system-assigned one is used.

.PARAMETER NodeName
The node's name where it has to be registered, and what its turn is made from. Default: the computer's name.

.PARAMETER RemoteAccessPort
Remote access is enabled on this port before a node is registered; without it no second node can join. 0: left alone.

.PARAMETER ExpireAfterSeconds
A node registered here that stays offline for so long removes itself; 600 or more. 0: never.

.PARAMETER Hours
Hours of the day, local time, in which a connected node may be restarted, such as 22-05. Default: any.

.PARAMETER SpreadMinutes
Nodes restart at minutes of their own within so many minutes, made from their names.

.PARAMETER ChangeRuntime
Takes the key of another runtime than the one that this node's keys came from so far. The node moves there.

.PARAMETER Container
Starts the node and stays in the foreground: syncs every two hours, ends when the node's service has ended.

.PARAMETER Install
Copies this script to -Folder and makes a scheduled task of it, with the other parameters as they are given here.

.PARAMETER Uninstall
Removes the scheduled task and the folder. The node is left as it is.

.PARAMETER WhatIf
Reads the secret and says what would be done.

.PARAMETER Proxy
URL of the proxy by which the vault is reached. Default: what Windows has set for the account that runs this.

.PARAMETER Folder
Holds the script and its state. Must be writable by administrators only, as everything in Program Files is.

.EXAMPLE
.\Sync-IntegrationRuntimeKey.ps1 -SecretUrl https://contoso.vault.azure.net/secrets/adf-sales-onprem -WhatIf
#>
[CmdletBinding(DefaultParameterSetName = 'Sync')]
param(
  [Parameter(Mandatory = $true, ParameterSetName = 'Sync')]
  [Parameter(Mandatory = $true, ParameterSetName = 'Container')]
  [Parameter(Mandatory = $true, ParameterSetName = 'Install')]
  # Only Key Vault's own hosts: a token is sent there.
  [ValidatePattern('^https://[0-9A-Za-z-]+\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)/secrets/[0-9A-Za-z-]{1,127}/?$')]
  [string] $SecretUrl,
  [ValidateSet('Auto', 'Azure', 'Arc')]
  [string] $Identity = 'Auto',
  [ValidatePattern('^[0-9A-Fa-f-]{36}$')]
  [string] $ClientId,
  [ValidatePattern('^[0-9A-Za-z][0-9A-Za-z_.-]*$')]
  [string] $NodeName = $env:COMPUTERNAME,
  [ValidateRange(0, 65535)]
  [int] $RemoteAccessPort = 8060,
  [ValidateScript({ $_ -eq 0 -or $_ -ge 600 })]
  [int] $ExpireAfterSeconds = 0,
  [ValidatePattern('^([01]?\d|2[0-3])-([01]?\d|2[0-3])$')]
  [string] $Hours,
  [ValidateRange(1, 1440)]
  [int] $SpreadMinutes = 120,
  [Parameter(ParameterSetName = 'Sync')]
  [switch] $ChangeRuntime,
  [Parameter(Mandatory = $true, ParameterSetName = 'Container')]
  [switch] $Container,
  [Parameter(Mandatory = $true, ParameterSetName = 'Install')]
  [switch] $Install,
  [Parameter(Mandatory = $true, ParameterSetName = 'Uninstall')]
  [switch] $Uninstall,
  [switch] $WhatIf,
  [ValidatePattern('^https?://[^"\s]+$')]
  [string] $Proxy,
  [ValidatePattern('^[^"]+$')]
  [string] $Folder = "$env:ProgramFiles\Integration Runtime Key",
  [ValidatePattern('^[^"]+$')]
  [string] $DmgcmdPath,
  [ValidatePattern('^http://[^"\s]+$')]
  [string] $ImdsUrl = 'http://169.254.169.254/metadata/identity/oauth2/token',
  [ValidatePattern('^http://(localhost|127\.0\.0\.1)[:/][^"\s]*$')]
  [string] $ArcUrl = 'http://localhost:40342/metadata/identity/oauth2/token',
  [ValidatePattern('^[^"]+$')]
  [string] $ArcTokenFolder = "$env:ProgramData\AzureConnectedMachineAgent\Tokens"
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$TaskName = 'Sync integration runtime key'
# Seconds, unless the name says otherwise.
$Limits = @{
  Http = 15; Probe = 3; Command = 180; Status = 30; Output = 5; ServiceStart = 120; Connect = 600; Poll = 10; Streak = 3
  Reads = 5; ReadPause = 10; Registrations = 5; RegisterPause = 60
  FirstPauseMinutes = 30; LongestPauseMinutes = 1440; LongestTurnMinutes = 160; Every = 7200
}
# What no message may hold. The key travels in hashtables, and goes to .NET methods instead of cmdlets, because
# module logging, a policy that many estates set, writes the arguments of cmdlets to the event log.
$Hidden = New-Object System.Collections.Generic.List[string]

#region What only Windows has: replaced in the tests

function Get-RuntimeSetting([string] $Name) {
  $path = 'HKLM:\SOFTWARE\Microsoft\DataTransfer\DataManagementGateway\ConfigurationManager'
  if (-not (Test-Path -LiteralPath $path)) { return $null }
  $values = Get-ItemProperty -LiteralPath $path
  if (-not $values.PSObject.Properties[$Name]) { return $null }
  $values.$Name
}

# The id of the process behind the node's service, 0 where it does not run.
function Get-ServiceProcess {
  $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='DIAHostService'"
  if ($null -eq $service -or $service.State -ne 'Running') { return 0 }
  [int] $service.ProcessId
}

# The class, because PowerShell 7 has no Write-EventLog.
function Write-EventEntry([string] $Level, [int] $Id, [string] $Message) {
  $source = 'IntegrationRuntimeKey'
  if (-not [System.Diagnostics.EventLog]::SourceExists($source)) {
    [System.Diagnostics.EventLog]::CreateEventSource($source, 'Application')
  }
  [System.Diagnostics.EventLog]::WriteEntry($source, $Message, $Level, $Id)
}

function Test-Administrator {
  $user = New-Object System.Security.Principal.WindowsPrincipal([System.Security.Principal.WindowsIdentity]::GetCurrent())
  $user.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
}

# A 32-bit process sees another part of the registry, where a registered node looks as if it were not.
function Test-64Bit { [IntPtr]::Size -eq 8 }

function Register-Task([string] $Xml) { $null = Register-ScheduledTask -TaskName $TaskName -Xml $Xml -Force }

function Unregister-Task {
  if (Get-ScheduledTask -TaskName $TaskName -ErrorAction SilentlyContinue) {
    Unregister-ScheduledTask -TaskName $TaskName -Confirm:$false
  }
}

function Get-Now { [DateTime]::Now }

function Wait-Seconds([double] $Seconds) { Start-Sleep -Milliseconds ([int]($Seconds * 1000)) }

#endregion
#region Messages

function Hide-Secrets([string] $Text) {
  foreach ($value in $Hidden) { $Text = $Text.Replace($value, '***') }
  $Text -replace 'IR@\S+', 'IR@***'
}

function Write-Note([string] $Message, [string] $Level, [int] $Id) {
  $text = Hide-Secrets $Message
  # Not Write-Output: that would become a function's result.
  Write-Host "$((Get-Now).ToString('yyyy-MM-dd HH:mm:ss')) $text"
  if (-not $Level -or $WhatIf) { return }
  try { Write-EventEntry $Level $Id $text } catch { Write-Host "  (not in the event log: $($_.Exception.GetBaseException().Message))" }
}

# Ends the run. Person: nothing changes until somebody acts. Retry: the next run may succeed.
function Stop-Run([ValidateSet('Retry', 'Person')] [string] $Kind, [string] $Message) {
  $problem = New-Object System.InvalidOperationException $Message
  $problem.Data['Kind'] = $Kind
  throw $problem
}

#endregion
#region HTTP and identity

# @{ Status; Text; Challenge }, whatever the status; throws where nobody answers. -Direct: not by a proxy.
function Invoke-Get([string] $Url, [hashtable] $Headers, [switch] $Direct, [double] $Seconds = $Limits.Http) {
  Add-Type -AssemblyName System.Net.Http
  # Windows PowerShell would offer servers nothing newer than TLS 1.0.
  [System.Net.ServicePointManager]::SecurityProtocol = [System.Net.ServicePointManager]::SecurityProtocol -bor [System.Net.SecurityProtocolType]::Tls12
  $handler = New-Object System.Net.Http.HttpClientHandler
  $handler.AllowAutoRedirect = $false
  if ($Direct) { $handler.UseProxy = $false }
  elseif ($Proxy) { $handler.Proxy = New-Object System.Net.WebProxy($Proxy) }
  $client = New-Object System.Net.Http.HttpClient($handler)
  try {
    $client.Timeout = [TimeSpan]::FromSeconds($Seconds)
    $request = New-Object System.Net.Http.HttpRequestMessage([System.Net.Http.HttpMethod]::Get, $Url)
    foreach ($name in $Headers.Keys) { $null = $request.Headers.TryAddWithoutValidation($name, [string] $Headers[$name]) }
    $response = $client.SendAsync($request).GetAwaiter().GetResult()
    @{
      Status    = [int] $response.StatusCode
      Text      = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
      Challenge = "$($response.Headers.WwwAuthenticate)"
    }
  } catch {
    for ($reason = $_.Exception; $reason; $reason = $reason.InnerException) {
      if ($reason -is [System.OperationCanceledException]) { Stop-Run Retry "$(([Uri] $Url).Host) has not answered within $Seconds s." }
    }
    Stop-Run Retry "$(([Uri] $Url).Host) cannot be reached: $($_.Exception.GetBaseException().Message)"
  } finally { $client.Dispose() }
}

# Values of a JSON answer by their paths; '' where one is missing. Not ConvertFrom-Json: see $Hidden.
function Read-Answer([hashtable] $Answer, [string[]] $Paths) {
  Add-Type -AssemblyName System.Runtime.Serialization
  $document = New-Object System.Xml.XmlDocument
  try {
    $bytes = [System.Text.Encoding]::UTF8.GetBytes($Answer.Text)
    $quotas = [System.Xml.XmlDictionaryReaderQuotas]::Max
    $document.Load([System.Runtime.Serialization.Json.JsonReaderWriterFactory]::CreateJsonReader($bytes, $quotas))
  } catch { $document.RemoveAll() }   # no JSON: a proxy's page, for example
  $values = @{}
  foreach ($path in $Paths) {
    $node = $document.SelectSingleNode("/root/$path")
    $values[$path] = if ($null -eq $node) { '' } else { $node.InnerText }
  }
  $values
}

# Where this machine's identity answers, without a request where that can be told. Arc sets IDENTITY_ENDPOINT for the
# whole machine; with an IDENTITY_HEADER beside it the variable is another service's.
function Find-Identity {
  if ($Identity -ne 'Auto') { return $Identity }
  if ($env:IDENTITY_ENDPOINT -and -not $env:IDENTITY_HEADER) { return 'Arc' }
  try {
    $probe = Invoke-Get "$(([Uri] $ImdsUrl).GetLeftPart('Authority'))/metadata/versions" @{ Metadata = 'true' } -Direct -Seconds $Limits.Probe
    # Another cloud has something at this address too.
    if ($probe.Status -eq 200) { 'Azure' } else { 'Arc' }
  } catch { 'Arc' }
}

function Get-Token {
  $vault = ([Uri] $SecretUrl).Host
  $resource = 'https://' + $vault.Substring($vault.IndexOf('.') + 1)
  $where = Find-Identity
  if ($where -eq 'Azure') {
    $url = "${ImdsUrl}?api-version=2018-02-01&resource=$([Uri]::EscapeDataString($resource))"
    if ($ClientId) { $url += "&client_id=$ClientId" }
    $answer = Invoke-Get $url @{ Metadata = 'true' } -Direct
  } else {
    $answer = Get-ArcAnswer $resource
  }
  $read = Read-Answer $answer @('access_token', 'error_description')
  if ($answer.Status -ne 200 -or -not $read['access_token']) {
    Stop-Run Retry "No token for this machine ($where, status $($answer.Status)): $($read['error_description']) On Azure the machine needs a managed identity, and -ClientId where it has a user-assigned one; elsewhere it must be connected to Azure Arc, and this must run as an administrator or SYSTEM."
  }
  $Hidden.Add($read['access_token'])
  @{ Authorization = "Bearer $($read['access_token'])" }
}

# Arc answers first with the name of a file that only administrators can read, and then to whoever knows its content.
# Its name is checked as Microsoft's own clients do: what answers on that port need not be Arc.
function Get-ArcAnswer([string] $Resource) {
  $base = $ArcUrl
  if ($env:IDENTITY_ENDPOINT -match '^http://(localhost|127\.0\.0\.1)[:/]' -and -not $env:IDENTITY_HEADER) { $base = $env:IDENTITY_ENDPOINT }
  $url = "${base}?api-version=2020-06-01&resource=$([Uri]::EscapeDataString($Resource))"
  $first = Invoke-Get $url @{ Metadata = 'true' } -Direct
  if ($first.Status -ne 401) { return $first }
  if ($first.Challenge -notmatch 'Basic realm="?([^",]+\.key)"?') { Stop-Run Retry 'Azure Arc did not say in which file its challenge is.' }
  $file = [System.IO.Path]::GetFullPath($Matches[1])
  if ([System.IO.Path]::GetDirectoryName($file) -ne [System.IO.Path]::GetFullPath($ArcTokenFolder).TrimEnd('\', '/')) {
    Stop-Run Person "What answers as Azure Arc names a challenge outside ${ArcTokenFolder}: nothing was sent to it."
  }
  try { $challenge = [System.IO.File]::ReadAllText($file).Trim() } catch {
    Stop-Run Retry "The challenge of Azure Arc cannot be read; run this as an administrator or SYSTEM. $($_.Exception.GetBaseException().Message)"
  }
  if ($challenge.Length -eq 0 -or $challenge.Length -gt 4096) { Stop-Run Person 'The challenge of Azure Arc is longer or shorter than it can be: nothing was sent.' }
  $Hidden.Add($challenge)
  Invoke-Get $url @{ Metadata = 'true'; Authorization = "Basic $challenge" } -Direct
}

#endregion
#region The secret

# The latest version: @{ Key; Version; Runtime (its GUID); Name (as far as the secret tells) }.
function Read-SecretOnce {
  $answer = Invoke-Get "$($SecretUrl.TrimEnd('/'))?api-version=7.4" (Get-Token)
  $read = Read-Answer $answer @('value', 'id', 'tags/ProviderAddress', 'error/code', 'error/innererror/code', 'error/message')
  if ($answer.Status -ne 200) {
    $code = "$($read['error/code']) $($read['error/innererror/code'])".Trim()
    $advice = switch -Regex ($code) {
      'SecretDisabled' { 'The latest version is disabled: enable it, or have the key rotated.'; break }
      'ForbiddenByFirewall|ForbiddenByConnection' { "The vault's firewall keeps this machine out: let its network in, or use a private endpoint."; break }
      'Forbidden|AccessDenied' { 'Grant this identity the role "Key Vault Secrets User" on this one secret; that takes up to ten minutes to be seen.'; break }
      'SecretNotFound' { 'There is no such secret: check -SecretUrl.'; break }
      default { 'Check the address, the proxy and the name resolution of the vault.' }
    }
    Stop-Run Retry "The vault answered $($answer.Status) $code for ${SecretUrl}. $advice $($read['error/message'])"
  }
  $key = $read['value']
  # Before anything can be said about it.
  foreach ($part in $key, ($key -split '@')[-1]) { if ($part.Length -ge 8) { $Hidden.Add($part) } }
  if (-not $read['id']) { Stop-Run Retry "What answers in the place of $(([Uri] $SecretUrl).Host) is no vault: check the proxy and the name resolution." }
  if ($key -notmatch '^IR@([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})@[^\s"]+$') {
    Stop-Run Person "What $SecretUrl holds is no key of an integration runtime. Check -SecretUrl; a secret that was just made waits for its first publish."
  }
  $runtime = $Matches[1].ToLowerInvariant()
  $name = "with the id $runtime"
  if ($read['tags/ProviderAddress'] -match '/factories/([^/]+)/integrationRuntimes/([^/]+)$') {
    $name = "$($Matches[2]) of the data factory $($Matches[1])"
  }
  @{ Key = $key; Version = ($read['id'] -split '/')[-1]; Runtime = $runtime; Name = $name }
}

# Tries again with a growing pause, and with a token and a value that are read anew: a rotation may have come in between.
function Read-Secret {
  $pause = $Limits.ReadPause
  for ($try = 1; ; $try++) {
    try { return Read-SecretOnce } catch {
      if ($try -ge $Limits.Reads -or $WhatIf -or $_.Exception.Data['Kind'] -eq 'Person') { throw }
      Write-Note "Trying again in $pause s: $($_.Exception.Message)"
    }
    Wait-Seconds $pause
    $pause *= 2
  }
}

#endregion
#region The node

function Get-Dmgcmd {
  if ($DmgcmdPath) { return $DmgcmdPath }
  $path = Get-RuntimeSetting 'DiacmdPath'
  if (-not $path) { Stop-Run Person 'No integration runtime is installed on this machine: install it first, without registering it.' }
  [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($path), 'dmgcmd.exe')
}

function Test-Registered { (Get-RuntimeSetting 'HaveRun') -eq 'Mdw' }

# Runs dmgcmd: @{ Ok; Text; Problem }. $Words in a hashtable, since one can be the key. Not Start-Process -Wait, which
# also waits for what the command has started; for the same reason what it prints is read only for a while.
function Invoke-Dmgcmd([hashtable] $Command) {
  $info = New-Object System.Diagnostics.ProcessStartInfo
  $info.FileName = Get-Dmgcmd
  $info.Arguments = @(foreach ($word in $Command.Words) { if ($word -match '^-') { $word } else { "`"$word`"" } }) -join ' '
  $info.UseShellExecute = $false
  $info.CreateNoWindow = $true
  $info.RedirectStandardOutput = $true
  $info.RedirectStandardError = $true
  try { $process = [System.Diagnostics.Process]::Start($info) } catch {
    Stop-Run Person "$($info.FileName) cannot be started: $($_.Exception.GetBaseException().Message)"
  }
  $text = New-Object System.Text.StringBuilder
  $sources = @($process.StandardOutput, $process.StandardError | ForEach-Object {
      $buffer = New-Object char[] 4096
      @{ Reader = $_; Buffer = $buffer; Task = $_.ReadAsync($buffer, 0, 4096); Ended = $false }
    })
  $watch = [System.Diagnostics.Stopwatch]::StartNew()
  $seconds = if ($Command.Words[0] -eq '-cgc') { $Limits.Status } else { $Limits.Command }
  $exitedAt = $null
  while ($true) {
    foreach ($source in $sources) {
      while (-not $source.Ended -and $source.Task.IsCompleted) {
        if ($source.Task.Result -eq 0) { $source.Ended = $true; break }
        $null = $text.Append($source.Buffer, 0, $source.Task.Result)
        $source.Task = $source.Reader.ReadAsync($source.Buffer, 0, 4096)
      }
    }
    if ($null -eq $exitedAt -and $process.HasExited) { $exitedAt = $watch.Elapsed.TotalSeconds }
    if ($null -ne $exitedAt -and (@($sources | Where-Object { -not $_.Ended }).Count -eq 0 -or $watch.Elapsed.TotalSeconds - $exitedAt -gt $Limits.Output)) { break }
    if ($null -eq $exitedAt -and $watch.Elapsed.TotalSeconds -gt $seconds) { break }
    if ($null -eq $exitedAt) { $null = $process.WaitForExit(50) } else { Start-Sleep -Milliseconds 20 }
  }
  $problem = ''
  $name = $Command.Words[0]
  $said = (Hide-Secrets $text.ToString()).Trim() -replace '\s+', ' '
  if ($said.Length -gt 300) { $said = $said.Substring(0, 300) + '...' }
  if ($null -eq $exitedAt) {
    try { $process.Kill() } catch { $null = $_ }   # it may have ended just now
    $problem = "dmgcmd $name did not end within $seconds s"
  } elseif ($process.ExitCode -ne 0) {
    $problem = "dmgcmd $name ended with $($process.ExitCode)"
  } elseif ($text.ToString() -match '(?i)\b(error|failed|failure|exception|invalid|denied|forbidden)') {
    # Its exit code was seen to be 0 where it had done nothing.
    $problem = "dmgcmd $name ended with 0, but does not sound like it"
  }
  if ($problem -and $said) { $problem += " and said: $said" }
  $process.Dispose()
  @{ Ok = -not $problem; Text = $text.ToString().Trim(); Problem = $problem }
}

function Test-ServiceRunning { (Get-ServiceProcess) -ne 0 }

# Exactly what Microsoft's own health check compares with.
function Test-Connected {
  (Test-ServiceRunning) -and (Invoke-Dmgcmd @{ Words = @('-cgc') }).Text -ceq 'Connected'
}

# Whether the node is connected several times in a row: once can still be the session from before a restart.
function Wait-Connected([double] $Seconds) {
  $until = (Get-Now).AddSeconds($Seconds)
  $streak = 0
  while ($true) {
    if (Test-Connected) { $streak++ } else { $streak = 0 }
    if ($streak -ge $Limits.Streak) { return $true }
    # A streak that has begun is not cut off.
    if ((Get-Now) -ge $until -and $streak -eq 0) { return $false }
    Wait-Seconds $Limits.Poll
  }
}

# Down for three looks in a row: then a restart ends nothing that could have gone on.
function Test-NodeDown {
  for ($look = 1; $look -le $Limits.Streak; $look++) {
    if (Test-Connected) { return $false }
    if ($look -lt $Limits.Streak) { Wait-Seconds $Limits.Poll }
  }
  $true
}

# Whether the service runs in the end. Restarting and enabling remote access leave it down for a while.
function Wait-Service {
  $until = (Get-Now).AddSeconds($Limits.ServiceStart)
  while (-not (Test-ServiceRunning)) {
    if ((Get-Now) -ge $until) { return $false }
    Wait-Seconds 5
  }
  $true
}

function Start-Node {
  if (Test-ServiceRunning) { return $true }
  $null = Invoke-Dmgcmd @{ Words = @('-Start') }
  Wait-Service
}

#endregion
#region State: the runtime's GUID, the version applied last, and the attempt that is under way

function Get-StateFile { [System.IO.Path]::Combine($Folder, 'state.json') }

function Read-State {
  $state = @{ Runtime = ''; Version = ''; Trying = ''; Tries = 0; NotBefore = ''; Restarted = $false }
  $file = Get-StateFile
  if (-not [System.IO.File]::Exists($file)) { return $state }
  try {
    $read = [System.IO.File]::ReadAllText($file) | ConvertFrom-Json
    $found = @{}
    foreach ($name in @($state.Keys)) { $found[$name] = $read.$name }
    $found.Tries = [int] $found.Tries
    $found.Restarted = [bool] $found.Restarted
    if ($found.NotBefore) { $found.NotBefore = ([DateTime] $found.NotBefore).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ') }
    $found
  } catch {
    # Cut off by a power failure, for example. The version is then applied once more.
    Write-Note "$file could not be read and counts as missing: $($_.Exception.Message)" Warning 2001
    $state
  }
}

# In one step: a run that is killed leaves the old state or the new one.
function Save-State([hashtable] $State) {
  $file = Get-StateFile
  $new = "$file.new"
  [System.IO.File]::WriteAllText($new, ($State | ConvertTo-Json))
  if ([System.IO.File]::Exists($file)) { [System.IO.File]::Replace($new, $file, [NullString]::Value) } else { [System.IO.File]::Move($new, $file) }
}

function Save-Applied([hashtable] $State, [hashtable] $Secret) {
  $State.Runtime = $Secret.Runtime
  $State.Version = $Secret.Version
  $State.Trying = ''; $State.Tries = 0; $State.NotBefore = ''; $State.Restarted = $false
  Save-State $State
}

# Written before anything is done, so that a run that is killed counts as an attempt too.
function Save-Attempt([hashtable] $State, [hashtable] $Secret) {
  if ($State.Trying -ne $Secret.Version) { $State.Trying = $Secret.Version; $State.Tries = 0 }
  $State.Tries++
  $minutes = [Math]::Min($Limits.LongestPauseMinutes, $Limits.FirstPauseMinutes * [Math]::Pow(2, $State.Tries - 1))
  $State.NotBefore = (Get-Now).ToUniversalTime().AddMinutes($minutes).ToString('yyyy-MM-ddTHH:mm:ssZ')
  $State.Runtime = $Secret.Runtime
  $State.Restarted = $false
  Save-State $State
}

function Test-Pause([hashtable] $State, [hashtable] $Secret) {
  $State.Trying -eq $Secret.Version -and $State.NotBefore -and
  (Get-Now).ToUniversalTime() -lt ([DateTime] $State.NotBefore).ToUniversalTime()
}

#endregion
#region Turns

# The next minute at which a node of this name may be restarted. Names that count up come out far from each other.
function Get-Turn([DateTime] $Now, [string] $Name, [int] $Spread, [string] $Window) {
  $start = 0
  $length = 1440
  if ($Window) {
    $from, $to = $Window -split '-' | ForEach-Object { [int] $_ }
    $start = $from * 60
    $length = (($to - $from + 24) % 24) * 60
    if ($length -eq 0) { $length = 1440 }
  }
  $cycle = [Math]::Min($Spread, $length)
  [long] $number = 0
  foreach ($character in $Name.ToUpperInvariant().ToCharArray()) { $number = ($number * 31 + [int] $character) % 1000003 }
  $minute = [Math]::Floor((($number * 0.6180339887) % 1) * $cycle)
  $thisMinute = $Now.Date.AddMinutes([Math]::Floor($Now.TimeOfDay.TotalMinutes))
  foreach ($day in -1..2) {
    for ($at = $minute; $at -lt $length; $at += $cycle) {
      $turn = $Now.Date.AddDays($day).AddMinutes($start + $at)
      if ($turn -ge $thisMinute) { return $turn }
    }
  }
}

#endregion
#region Runs

function Register-Node([hashtable] $State) {
  $pause = $Limits.RegisterPause
  for ($try = 1; ; $try++) {
    $secret = Read-Secret
    Assert-SameRuntime $State $secret
    $null = Start-Node
    $problem = ''
    if ($RemoteAccessPort -ne 0) {
      $word = if ($Container) { '-EnableRemoteAccessInContainer' } else { '-EnableRemoteAccess' }
      $problem = (Invoke-Dmgcmd @{ Words = @($word, "$RemoteAccessPort") }).Problem
      $null = Wait-Service
    }
    if (-not $problem) {
      $words = @('-RegisterNewNode', $secret.Key, $NodeName)
      if ($ExpireAfterSeconds -ne 0) { $words += "$ExpireAfterSeconds" }
      $problem = (Invoke-Dmgcmd @{ Words = $words }).Problem
    }
    # What it is counts, not what was said: a node that is registered is never registered again.
    if (Test-Registered) {
      Save-Attempt $State $secret
      if ($problem) { Stop-Run Retry "The node is registered, but $problem. The next run gives it the key once more." }
      $State.Restarted = Start-Node
      Save-State $State
      return Confirm-Node $State $secret 'registered'
    }
    if (-not $problem) { $problem = 'dmgcmd reported success, and the node is not registered' }
    if ($try -ge $Limits.Registrations) {
      Stop-Run Retry "The node could not be registered: $problem. Where a node of this name died, it blocks the name until it expires or is removed in the portal."
    }
    Write-Note "Registering again in $pause s: $problem"
    Wait-Seconds $pause
    $pause *= 2
  }
}

function Assert-SameRuntime([hashtable] $State, [hashtable] $Secret) {
  if ($State.Runtime -and $State.Runtime -ne $Secret.Runtime -and -not $ChangeRuntime) {
    Stop-Run Person "$SecretUrl is of another integration runtime ($($Secret.Name)) than this node's keys so far ($($State.Runtime)): nothing was done. Correct -SecretUrl, or say once that the node is to move: -ChangeRuntime."
  }
}

function Confirm-Node([hashtable] $State, [hashtable] $Secret, [string] $Done) {
  if ($State.Restarted -and (Wait-Connected $Limits.Connect)) {
    Save-Applied $State $Secret
    Write-Note "The node is $Done with version $($Secret.Version) of $SecretUrl, and connected." Information 1000
    return
  }
  Stop-Run Retry "The node took version $($Secret.Version), but is not connected after $($Limits.Connect) s. It is looked at again in each run, and given the key again after $($State.NotBefore). Either it cannot reach the service (proxy, firewall, private link) or the key is not accepted: its log tells both as InvalidGatewayKey."
}

# Waits for the node's minute where that comes soon; false: a later run is in time for it.
function Wait-Turn([hashtable] $Secret) {
  $turn = Get-Turn (Get-Now) $NodeName $SpreadMinutes $Hours
  $minutes = ($turn - (Get-Now)).TotalMinutes
  $message = "Version $($Secret.Version) waits until $($turn.ToString('yyyy-MM-dd HH:mm')), the node's turn: taking it restarts the node."
  if ($minutes -gt $Limits.LongestTurnMinutes) { Write-Note $message Information 1001; return $false }
  if ($minutes -gt 0) { Write-Note $message; Wait-Seconds ($minutes * 60) }
  $true
}

function Update-Node([hashtable] $State, [hashtable] $Secret) {
  Save-Attempt $State $Secret
  if (-not (Start-Node)) { Stop-Run Retry "The node's service DIAHostService does not run, and cannot be started: look into its log." }
  $problem = (Invoke-Dmgcmd @{ Words = @('-Key', $Secret.Key) }).Problem
  if ($problem) { Stop-Run Retry "The node did not take version $($Secret.Version) and goes on with the key it has: $problem. The next attempt is after $($State.NotBefore)." }
  # The key alone was not always picked up.
  $before = Get-ServiceProcess
  $problem = (Invoke-Dmgcmd @{ Words = @('-Restart') }).Problem
  $null = Wait-Service
  if (-not $problem -and $before -ne 0 -and (Get-ServiceProcess) -eq $before) { $problem = 'dmgcmd -Restart reported success, and the service was not restarted' }
  if (-not (Start-Node)) { Stop-Run Retry "The node's service DIAHostService does not run after its restart: start it. $problem" }
  if ($problem) { Stop-Run Retry "The node has version $($Secret.Version), but $problem. The next attempt is after $($State.NotBefore)." }
  $State.Restarted = $true
  Save-State $State
  Confirm-Node $State $Secret 'updated'
}

function Sync-Node {
  $state = Read-State
  if (-not (Test-Registered)) {
    if (-not $WhatIf) { Register-Node $state; return }
    $secret = Read-Secret
    Assert-SameRuntime $state $secret
    Write-Note "Would register a node $NodeName with the integration runtime $($secret.Name)."
    return
  }
  $secret = Read-Secret
  Assert-SameRuntime $state $secret
  if ($state.Version -eq $secret.Version) { Write-Note "Nothing to do: the node has version $($secret.Version) of $SecretUrl."; return }
  if ($WhatIf) { Write-Note "Would give the node version $($secret.Version), a key of the integration runtime $($secret.Name), and restart it at $((Get-Turn (Get-Now) $NodeName $SpreadMinutes $Hours).ToString('HH:mm')), or at once where it is not connected."; return }
  # A run that died while it restarted the node.
  if ($state.Trying -and -not $state.Restarted) { $null = Start-Node }
  # A restart that is done is not done again while the node only needs longer to connect.
  if ($state.Trying -eq $secret.Version -and $state.Restarted -and (Wait-Connected 0)) {
    Confirm-Node $state $secret 'updated'
    return
  }
  if (Test-Pause $state $secret) {
    Write-Note "The node has failed to take version $($secret.Version) $($state.Tries) times: the next attempt is after $($state.NotBefore)." Warning 2002
    return
  }
  if (-not (Test-NodeDown)) {
    if (-not (Wait-Turn $secret)) { return }
    # Read anew: hours may have passed.
    $secret = Read-Secret
    Assert-SameRuntime $state $secret
  }
  Update-Node $state $secret
}

# One run at a time, whatever starts it. A lock that is a file is gone with its process, and nobody but an
# administrator can write there.
function Invoke-Alone([scriptblock] $Run) {
  if ($WhatIf) { return & $Run }
  $file = [System.IO.Path]::Combine($Folder, 'lock')
  try { $null = [System.IO.Directory]::CreateDirectory($Folder); $lock = [System.IO.File]::Open($file, 'OpenOrCreate', 'ReadWrite', 'None') }
  catch [System.IO.IOException] {
    if (-not [System.IO.File]::Exists($file)) { throw }   # a full disk, for example
    Write-Note 'Another run is under way, and does what there is to do.'
    return
  } catch [System.UnauthorizedAccessException] { Stop-Run Person "Only an administrator or SYSTEM can do this: $Folder cannot be written." }
  try { & $Run } finally { $lock.Dispose() }
}

# Runs a part, says how it ended, and returns the exit code.
function Invoke-Part([scriptblock] $Run) {
  try { $null = & $Run; 0 } catch {
    $kind = $_.Exception.Data['Kind']
    $text = $_.Exception.GetBaseException().Message
    if (-not $kind) { $text += " (line $($_.InvocationInfo.ScriptLineNumber))" }
    if ($kind -eq 'Person') { Write-Note $text Error 3000; 2 } else { Write-Note $text Warning 2000; 1 }
  }
}

function Get-TaskXml([System.Collections.IDictionary] $Given) {
  $file = [System.IO.Path]::Combine($Folder, 'Sync-IntegrationRuntimeKey.ps1')
  $words = "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$file`""
  $lasting = 'SecretUrl', 'Identity', 'ClientId', 'NodeName', 'RemoteAccessPort', 'ExpireAfterSeconds', 'Hours', 'SpreadMinutes', 'Proxy', 'Folder', 'DmgcmdPath', 'ImdsUrl', 'ArcUrl', 'ArcTokenFolder'
  foreach ($name in $lasting) {
    # A backslash before the closing quote would take its meaning away.
    if ($Given.ContainsKey($name)) { $words += " -$name `"$("$($Given[$name])".TrimEnd('\'))`"" }
  }
  $arguments = [System.Security.SecurityElement]::Escape($words)
  @"
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>Gives the integration runtime's node the key that Key Vault names. See docs/nodes.md of the key rotation.</Description></RegistrationInfo>
  <Triggers>
    <BootTrigger><Delay>PT2M</Delay></BootTrigger>
    <TimeTrigger><StartBoundary>2025-01-01T00:00:00</StartBoundary><RandomDelay>PT30M</RandomDelay><Repetition><Interval>PT2H</Interval></Repetition></TimeTrigger>
  </Triggers>
  <Principals><Principal id="Author"><UserId>S-1-5-18</UserId><RunLevel>HighestAvailable</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT6H</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author"><Exec><Command>%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe</Command><Arguments>$arguments</Arguments></Exec></Actions>
</Task>
"@
}

function Install-Task([System.Collections.IDictionary] $Given, [string] $Script) {
  if ($WhatIf) { Write-Note "Would copy this script to $Folder and make a scheduled task '$TaskName' of it."; return }
  if (-not (Test-Administrator)) { Stop-Run Person 'Only an administrator can install the task: open PowerShell as one.' }
  $null = [System.IO.Directory]::CreateDirectory($Folder)
  $copy = [System.IO.Path]::Combine($Folder, 'Sync-IntegrationRuntimeKey.ps1')
  if ($Script -ne $copy) { [System.IO.File]::Copy($Script, $copy, $true) }
  Register-Task (Get-TaskXml $Given)
  Write-Note "The task '$TaskName' runs as SYSTEM, at boot and every two hours." Information 1002
  # Nobody should learn two months later that this machine may not read its secret.
  $secret = Read-SecretOnce
  Write-Note "The secret can be read. It has the key of the integration runtime $($secret.Name): the Configuration Manager of this node must show the same, otherwise use -Uninstall now."
}

function Uninstall-Task {
  if ($WhatIf) { Write-Note "Would remove the scheduled task '$TaskName' and $Folder."; return }
  if (-not (Test-Administrator)) { Stop-Run Person 'Only an administrator can remove the task: open PowerShell as one.' }
  Unregister-Task
  if ([System.IO.Directory]::Exists($Folder)) {
    foreach ($name in 'state.json', 'state.json.new', 'lock', 'Sync-IntegrationRuntimeKey.ps1') { [System.IO.File]::Delete([System.IO.Path]::Combine($Folder, $name)) }
    # What else is there is not of this script.
    if (@([System.IO.Directory]::GetFileSystemEntries($Folder)).Count -eq 0) { [System.IO.Directory]::Delete($Folder) }
  }
  Write-Note "The task '$TaskName' is removed. The node keeps the key that it has." Information 1003
}

# The start of a container. Ends with the node, so that whoever started the container sees it.
function Start-Container {
  # Of a container that is started again.
  if ((Test-Registered) -and $RemoteAccessPort -ne 0) { $null = Invoke-Dmgcmd @{ Words = @('-EnableRemoteAccessInContainer', "$RemoteAccessPort") } }
  $null = Start-Node
  try {
    $code = Invoke-Part { Invoke-Alone { Sync-Node } }
    if (-not (Test-Registered)) { return [Math]::Max(1, $code) }
    $next = (Get-Now).AddSeconds($Limits.Every)
    $misses = 0
    while ($misses -lt 5) {
      Wait-Seconds 60
      if (Test-ServiceRunning) { $misses = 0 } else { $misses++ }
      if ((Get-Now) -ge $next) { $null = Invoke-Part { Invoke-Alone { Sync-Node } }; $next = (Get-Now).AddSeconds($Limits.Every) }
    }
    Write-Note "The node's service has ended." Error 3001
    1
  } finally { $null = Invoke-Dmgcmd @{ Words = @('-Stop') } }
}

function Invoke-Main([System.Collections.IDictionary] $Given, [string] $Script) {
  if ($Uninstall) { return Invoke-Part { Uninstall-Task } }
  if (-not (Test-64Bit)) { return Invoke-Part { Stop-Run Person 'This is the 32-bit PowerShell, which does not see the integration runtime: use the 64-bit one. A 32-bit tool finds it as %windir%\Sysnative\WindowsPowerShell\v1.0\powershell.exe' } }
  if ($Install) { return Invoke-Part { Install-Task $Given $Script } }
  if ($Container) { return Start-Container }
  Invoke-Part { Invoke-Alone { Sync-Node } }
}

#endregion

# Dot-sourced, it only brings its functions: that is how the tests get at them.
if ($MyInvocation.InvocationName -ne '.') { exit (Invoke-Main $PSBoundParameters $PSCommandPath) }
