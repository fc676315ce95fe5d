package dev.abide.engine.life;

import java.util.Map;

/**
 * All that an actor has stored.
 *
 * @param last the number of the last operation that wrote, 0 if there is none
 * @param map what operations put
 * @param armed the alarms that are set, by name, each with the number of the operation that set it
 * @param fired the same of those that went off
 * @param noted the last operation of this actor that each ledger was told of
 * @param notes what a ledger was told, by actor
 */
public record ActorState(
    long last,
    Map<String, Long> map,
    Map<String, Long> armed,
    Map<String, Long> fired,
    Map<String, Long> noted,
    Map<String, Long> notes) {}
