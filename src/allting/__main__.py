from allting.site.cli import main

main()
