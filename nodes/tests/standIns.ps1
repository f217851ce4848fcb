# What takes the place of the functions that only Windows has. Dot-sourced after the script; $Node is the folder of
# the stand-in for dmgcmd. The clock is a file too, so that it goes on from one process to the next.

function Get-NodeFile([string] $Name) {
  $file = "$Node/$Name"
  if ([System.IO.File]::Exists($file)) { [System.IO.File]::ReadAllText($file) } else { '' }
}

function Get-RuntimeSetting([string] $Name) { Get-NodeFile $Name }
function Get-ServiceProcess { if ((Get-NodeFile 'service') -eq 'Running') { [int] (Get-NodeFile 'process') } else { 0 } }
function Write-EventEntry([string] $Level, [int] $Id, [string] $Message) { [System.IO.File]::AppendAllText("$Node/events", "$Level $Id $Message`n") }
function Test-Administrator { -not [System.IO.File]::Exists("$Node/not-an-administrator") }
function Register-Task([string] $Xml) { [System.IO.File]::WriteAllText("$Node/task.xml", $Xml) }
function Unregister-Task { [System.IO.File]::Delete("$Node/task.xml") }
function Get-Now { [DateTime]::new([long] (Get-NodeFile 'clock'), 'Local') }
function Wait-Seconds([double] $Seconds) { [System.IO.File]::WriteAllText("$Node/clock", "$((Get-Now).AddSeconds($Seconds).Ticks)") }

# By the real clock: the stand-in answers at once, or hangs.
$Limits.Command = 2
$Limits.Status = 2
$Limits.Output = 0.5
