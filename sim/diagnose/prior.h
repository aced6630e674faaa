/* How often things are met, and what healthy sites look like: every number that
 * `diagnose` assumes. "Decided" marks what no public figure gives; some of these were
 * chosen by how simulated sites came out. Answers are to hold when they are wrong by
 * half. */
#pragma once

/* Decided: of sites that somebody looks at, so many are healthy. */
#define PRIOR_HEALTHY 0.48

/* Decided: of faulty sites, so many have a second fault. */
#define PRIOR_PAIR 0.08

/* Ranks of causes. Installers' guides agree on the order, and none has figures: CTs that
 * point the other way or are on other phases come first (Bituo-Technik's and Kele's pages
 * on wrong wiring, the tables of wrong connections of Mitsubishi's ME96), then leads,
 * fuses and ratios, then polarity of PTs. Decided: each rank is twice as frequent as the
 * next; RARE is what needs a second mistake to be possible at all. */
#define PRIOR_COMMON 8.0
#define PRIOR_USUAL  4.0
#define PRIOR_SELDOM 2.0
#define PRIOR_RARE   0.5
#define PRIOR_ODD    0.2 /* what few meters of one maker ever have */
/* What readings never speak for, as the load may be what it is: named as reading the
 * same, and no more. Decided. */
#define PRIOR_UNSEEN 0.1

/* Voltages: ANSI C84.1, annex on unbalance: two thirds of systems lie within 1 %, 98 %
 * within 3 %. Level: service voltages of range A, ±5 %. Shares of nominal. */
#define PRIOR_VOLTS_SD    0.012
#define PRIOR_LEVEL_SD    0.05
#define PRIOR_LEVEL_ODD   0.002  /* any level, beside what is a cause of its own … */
#define PRIOR_LEVEL_LEAST 0.2    /* … but not by more than this */
#define PRIOR_LEVEL_MOST  5.0    /* of a nominal voltage that is set wrong */
#define PRIOR_METER_SD    0.0006 /* what the meter itself adds, of nominal */
#define PRIOR_VOLTS_ODD   1e-5   /* density of voltages that nothing explains */

/* Angles between voltages, where a waveform tells them, and how often the sequence is ACB.
 * Decided. */
#define PRIOR_VOLTS_DEG 1.5
#define PRIOR_ACB       0.03

/* Lag of a load, degrees. Buildings have power factors from 0.8 to 1 (lag 0 to 37);
 * motors at part load 0.5, converters lead a little. */
#define PRIOR_LAG_MEAN 22.0
#define PRIOR_LAG_SD   14.0
/* Shares of sites with any lag from -15 to 90: large motors, and converters. More lead
 * than that is what tariffs charge for and capacitors that stay on by night make, so it
 * is rare. Currents that are moved by one phase in a site that exports would be nothing
 * but such a lead. Decided. */
#define PRIOR_LAG_WIDE 0.02
#define PRIOR_LAG_LEAD 0.001 /* from -60 on */

/* Phases of one load: their lags differ by a bell of so many degrees; in some sites, with
 * different loads on each phase, by more. Decided. */
#define PRIOR_APART_SD       7.0
#define PRIOR_APART_WIDE_SD  22.0
#define PRIOR_APART_WIDE     0.05
#define PRIOR_APART_ANYTHING 0.004

/* Currents of phases: natural logarithm of their shares, in most sites and in those with
 * large single-phase loads; and how much of it changes from one hour to another. Feeders
 * of buildings are balanced to 10 to 20 % by design. */
#define PRIOR_SHARE_SD      0.15
#define PRIOR_SHARE_WIDE_SD 0.40
#define PRIOR_SHARE_WIDE    0.02
#define PRIOR_SHARE_HOUR_SD 0.08
#define PRIOR_BALANCED_SD   0.05 /* --balanced */
#define PRIOR_RATING        0.95 /* of a CT's rating; beyond it loads become rare */
#define PRIOR_RATING_SD     0.15
#define PRIOR_UNLOADED      0.001 /* a phase without any load */
/* Nothing is switched on: a feeder always carries some standby (surveys of buildings find
 * 5 to 60 % of the peak by night), and a CT reads 0 below 0.06 % of its rating. Only the
 * meter of one machine may. Decided. */
#define PRIOR_NO_LOAD       0.005

/* Harmonics of a load, of its fundamental: the logarithm of one phase's against the mean
 * of the others. IEEE 519 allows 5 to 20 % of all; what one kind of consumer makes stands
 * on one phase now and then. Decided. */
#define PRIOR_DISTORTION_LEAST 0.08
#define PRIOR_DISTORTION_SD    0.5
#define PRIOR_DISTORTION_WIDE  0.05

/* Sites that can export, and in how many of their hours they do. Decided. */
#define PRIOR_EXPORTER     0.2
#define PRIOR_EXPORT_HOURS 0.4

/* CTs of class 0.5 (IEC 61869-2): a third of the limits of ratio, and of angle in
 * hundredths of a radian. */
#define PRIOR_CT_SD       0.003
#define PRIOR_CT_ANGLE_SD 0.0045

/* By how much probabilities are too cautious, with all these spreads and rare causes:
 * learned on 3000 simulated sites of a maker whose loads are spread evenly (phases by
 * 28 %, hours by 13 %, lags from 0 to 42°), as what loses least by the logarithmic score. */
#define PRIOR_SHARPNESS 0.85
