/* metersim panel: a picture of a scenario's first meter, without a display. In a header
 * of its own because a program without SDL leaves it out. */
#ifndef SIM_PANEL_COMMAND_H
#define SIM_PANEL_COMMAND_H

/* As in commands.h: argv[0] is the subcommand's name; returns the exit code. */
int command_panel(int argc, char **argv);

#endif
