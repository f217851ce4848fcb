# What Windows PowerShell 5.1 has of what the script uses. To use more, look up that 5.1, or .NET Framework 4.6, has it.

# Cmdlets that ship with it, with their parameters there as far as they are used.
$Cmdlets = @{
  'Add-Type' = 'AssemblyName'
  'ConvertFrom-Json' = ''
  'ConvertTo-Json' = ''
  'Get-CimInstance' = 'ClassName', 'Filter'
  'Get-ItemProperty' = 'LiteralPath'
  'Get-ScheduledTask' = 'TaskName', 'ErrorAction'
  'New-Object' = ''
  'Register-ScheduledTask' = 'TaskName', 'Xml', 'Force'
  'Set-StrictMode' = 'Version'
  'Start-Sleep' = 'Milliseconds'
  'Test-Path' = 'LiteralPath'
  'Unregister-ScheduledTask' = 'TaskName', 'Confirm'
  'Where-Object' = ''
  'ForEach-Object' = ''
  'Write-Host' = ''
}

# Static members, as Type::Member/number of arguments, and instance methods, as Member/number of arguments.
$Members = @(
  '[DateTime]::Now', '[IntPtr]::Size', '[Math]::Floor/1', '[Math]::Max/2', '[Math]::Min/2', '[Math]::Pow/2', '[NullString]::Value'
  '[System.Diagnostics.EventLog]::CreateEventSource/2', '[System.Diagnostics.EventLog]::SourceExists/1', '[System.Diagnostics.EventLog]::WriteEntry/4'
  '[System.Diagnostics.Process]::Start/1', '[System.Diagnostics.Stopwatch]::StartNew/0'
  '[System.IO.Directory]::CreateDirectory/1', '[System.IO.Directory]::Delete/1', '[System.IO.Directory]::Exists/1', '[System.IO.Directory]::GetFileSystemEntries/1'
  '[System.IO.File]::Copy/3', '[System.IO.File]::Delete/1', '[System.IO.File]::Exists/1', '[System.IO.File]::Move/2', '[System.IO.File]::Open/4'
  '[System.IO.File]::ReadAllText/1', '[System.IO.File]::Replace/3', '[System.IO.File]::WriteAllText/2'
  '[System.IO.Path]::Combine/2', '[System.IO.Path]::GetDirectoryName/1', '[System.IO.Path]::GetFullPath/1'
  '[System.Net.Http.HttpMethod]::Get', '[System.Net.SecurityProtocolType]::Tls12', '[System.Net.ServicePointManager]::SecurityProtocol'
  '[System.Runtime.Serialization.Json.JsonReaderWriterFactory]::CreateJsonReader/2', '[System.Xml.XmlDictionaryReaderQuotas]::Max'
  '[System.Security.Principal.WindowsBuiltInRole]::Administrator', '[System.Security.Principal.WindowsIdentity]::GetCurrent/0', '[System.Security.SecurityElement]::Escape/1'
  '[System.Text.Encoding]::UTF8', '[TimeSpan]::FromSeconds/1', '[Uri]::EscapeDataString/1'
  'Add/1', 'AddDays/1', 'AddMinutes/1', 'AddSeconds/1', 'Append/3', 'ContainsKey/1', 'Dispose/0', 'GetAwaiter/0', 'GetBaseException/0', 'GetBytes/1', 'GetLeftPart/1'
  'GetResult/0', 'IndexOf/1', 'IsInRole/1', 'Kill/0', 'Load/1', 'ReadAsStringAsync/0', 'ReadAsync/3', 'RemoveAll/0', 'Replace/2', 'SelectSingleNode/1', 'SendAsync/1'
  'Substring/1', 'Substring/2', 'ToCharArray/0', 'ToLowerInvariant/0', 'ToString/0', 'ToString/1', 'ToUniversalTime/0', 'ToUpperInvariant/0', 'Trim/0', 'TrimEnd/1', 'TrimEnd/2', 'TryAddWithoutValidation/2', 'WaitForExit/1'
)

# Properties of .NET objects that newer versions added, and variables of PowerShell itself.
$NewProperties = 'ArgumentList', 'IsCompletedSuccessfully', 'ProcessPath'
$NewVariables = 'IsWindows', 'IsLinux', 'IsMacOS', 'IsCoreCLR', 'PSStyle', 'EnabledExperimentalFeatures', 'PSNativeCommandUseErrorActionPreference', 'PSNativeCommandArgumentPassing', 'ErrorView'
$NewTokens = 'QuestionMark', 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'AndAnd', 'OrOr', 'Ampersand', 'Clean', 'Default'

# All that the text has beyond that, each with its line.
function Find-Strangers([string] $Text) {
  $tokens = $null; $errors = $null
  $tree = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $tokens, [ref] $errors)
  $own = @($tree.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true) | ForEach-Object Name)
  $say = { param($what, $at) "${what} (line $($at.Extent.StartLineNumber))" }
  foreach ($problem in $errors) { & $say $problem.Message $problem }
  foreach ($token in $tokens) {
    # & in front of a command is old, behind one it is new: the tree has that below. So has it 'default' of a switch.
    if ("$($token.Kind)" -in $NewTokens -and "$($token.Kind)" -notin 'Ampersand', 'Default') { & $say "$($token.Kind)" $token }
    if ($token -is [System.Management.Automation.Language.StringExpandableToken] -and $token.Text -match '`[ue]') { & $say 'an escape' $token }
  }
  foreach ($node in $tree.FindAll({ $true }, $true)) {
    switch ($node.GetType().Name) {
      'TernaryExpressionAst' { & $say 'a ternary' $node }
      'PipelineChainAst' { & $say 'a chain' $node }
      'UsingStatementAst' { & $say 'using' $node }
      'PipelineAst' { if ($node.Background) { & $say 'a background job' $node } }
      'NamedBlockAst' { if ("$($node.BlockKind)" -eq 'Clean') { & $say 'clean' $node } }
      'VariableExpressionAst' { if ("$($node.VariablePath)" -in $NewVariables) { & $say "`$$($node.VariablePath)" $node } }
      'CommandAst' {
        $name = $node.GetCommandName()
        if ($null -eq $name -or $name -in $own) { break }
        if (-not $Cmdlets.ContainsKey($name)) { & $say "the command $name" $node; break }
        foreach ($element in $node.CommandElements) {
          if ($element -is [System.Management.Automation.Language.CommandParameterAst] -and $element.ParameterName -notin $Cmdlets[$name]) { & $say "$name -$($element.ParameterName)" $node }
        }
      }
      'InvokeMemberExpressionAst' {
        $type = if ($node.Static) { "[$($node.Expression.TypeName)]::" } else { '' }
        $called = "$type$($node.Member)/$(if ($node.Arguments) { $node.Arguments.Count } else { 0 })"
        if ($called -cnotin $Members) { & $say $called $node }
      }
      'MemberExpressionAst' {
        if ($node.Static) {
          $read = "[$($node.Expression.TypeName)]::$($node.Member)"
          if ($read -cnotin $Members) { & $say $read $node }
        } elseif ("$($node.Member)" -in $NewProperties) { & $say "$($node.Member)" $node }
      }
    }
  }
}

# Commands that are no functions of the text and take or are piped what can hold a key.
function Find-Disclosures([string] $Text) {
  $tree = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $null, [ref] $null)
  $own = @($tree.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true) | ForEach-Object Name)
  foreach ($command in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
    if ($command.GetCommandName() -in $own) { continue }
    $pipeline = $command.Parent
    $before = if ($pipeline -is [System.Management.Automation.Language.PipelineAst]) { @($pipeline.PipelineElements | Where-Object { $_.Extent.StartOffset -lt $command.Extent.StartOffset }) } else { @() }
    $taken = @($before | ForEach-Object { "$_" }) + @($command.CommandElements | Where-Object { $_ -isnot [System.Management.Automation.Language.ScriptBlockExpressionAst] } | ForEach-Object { "$_" })
    if (($taken -join ' ') -match '\$\w+\.(Key|Words|Text)\b|\$key\b|\$words\b|\$challenge\b|\$value\b|\$Hidden\b|\$read\b') { "$command (line $($command.Extent.StartLineNumber))" }
  }
}
