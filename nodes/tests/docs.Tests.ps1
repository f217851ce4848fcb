# What docs/nodes.md says of the script is there.

BeforeAll {
  $docs = Get-Content -Raw "$PSScriptRoot/../../docs/nodes.md"
  $file = "$PSScriptRoot/../Sync-IntegrationRuntimeKey.ps1"
  $script = Get-Content -Raw $file
  $tree = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref] $null, [ref] $null)
  $parameters = @($tree.ParamBlock.Parameters | ForEach-Object { $_.Name.VariablePath.UserPath })
}

Describe 'docs/nodes.md' {
  It 'names as unverified exactly the functions that the tests replace' {
    $standIns = @([regex]::Matches((Get-Content -Raw "$PSScriptRoot/standIns.ps1"), '(?m)^function ([\w-]+)') | ForEach-Object { $_.Groups[1].Value })
    $replaced = @($standIns | Where-Object { $_ -notin 'Get-NodeFile', 'Get-Now', 'Wait-Seconds' }) | Sort-Object
    $row = @($docs -split "`n" | Where-Object { $_ -match '^\| Not verified' })
    @([regex]::Matches($row, '`([A-Z]\w+-\w+)`') | ForEach-Object { $_.Groups[1].Value }) | Sort-Object | Should -Be ($replaced + 'Test-64Bit' | Sort-Object)
  }

  It 'lists the events that the script writes, with their levels' {
    $written = @([regex]::Matches($script, '\b(Information|Warning|Error) (\d{4})\b') | ForEach-Object { "$($_.Groups[2].Value) $($_.Groups[1].Value)" } | Sort-Object -Unique)
    $listed = @([regex]::Matches($docs, '(?m)^\| (\d{4}(?:, \d{4})?) \| (\w+) \|') | ForEach-Object { foreach ($id in $_.Groups[1].Value -split ', ') { "$id $($_.Groups[2].Value)" } } | Sort-Object)
    $listed | Should -Be $written
  }

  It 'calls the script with parameters that it has' {
    $calls = @([regex]::Matches($docs, '(?m)^.*Sync-IntegrationRuntimeKey\.ps1(?:\s|").*$') | ForEach-Object Value)
    $calls.Count | Should -BeGreaterThan 3
    $used = @([regex]::Matches(($calls -join ' '), '(?:(?<=ps1.*)\s|")-([A-Z][A-Za-z]+)') | ForEach-Object { $_.Groups[1].Value } | Where-Object { $_ -notin 'NoProfile', 'ExecutionPolicy', 'File', 'Command' })
    $used | Should -Contain 'Hours'
    foreach ($name in $used) { $name | Should -BeIn $parameters }
  }

  It 'has a command for scale sets that PowerShell understands, of parameters that the script has' {
    $json = [regex]::Match($docs, '"commandToExecute": ".*"').Value
    $command = (ConvertFrom-Json "{$json}").commandToExecute
    $inner = [regex]::Match($command, '-Command "(.*)"$').Groups[1].Value
    $problems = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseInput($inner, [ref] $null, [ref] $problems)
    $problems | Should -BeNullOrEmpty
    $names = @($tree.Find({ $args[0] -is [System.Management.Automation.Language.HashtableAst] }, $true).KeyValuePairs | ForEach-Object { "$($_.Item1)" })
    $names | Should -Contain 'SecretUrl'
    foreach ($name in $names) { $name | Should -BeIn $parameters }
  }

  It 'gives the experiments in PowerShell that can be parsed' {
    foreach ($block in [regex]::Matches($docs, '(?s)```powershell\n(.*?)```')) {
      $problems = $null
      $null = [System.Management.Automation.Language.Parser]::ParseInput($block.Groups[1].Value, [ref] $null, [ref] $problems)
      $problems | Should -BeNullOrEmpty
    }
  }
}
