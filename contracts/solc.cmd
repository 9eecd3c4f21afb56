@node "%~dp0solc.js" %*
