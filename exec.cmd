@rem For the npm scripts: what exec does in sh, which is to leave the shell to a command.
@rem A goto to a label that does not exist ends the batch file, so that Ctrl+C asks no question.
@goto #_undefined_# 2>nul || title %COMSPEC% & %*
