/**
 * The annotations that make an interface a durable object.
 *
 * <p>The vocabulary, one word per idea, the same in code, docs and errors:
 *
 * <ul>
 *   <li><b>object</b>: a durable object, that is a type (annotated interface) and an id (a string),
 *       with an implementation class behind it
 *   <li><b>stub</b>: the generated implementation of the interface that callers hold; it outlives
 *       sleep, restart and reset
 *   <li><b>call</b>: one invocation through a stub; it is answered exactly once
 *   <li><b>turn</b>: one run of an object's code; an object runs one turn at a time
 *   <li><b>mailbox</b>: the bounded queue of turns that wait for one object
 *   <li><b>activation</b>: the engine's record of an object that is awake
 *   <li><b>instance</b>: the user's Java object; made on wake, dropped on sleep and on reset
 *   <li><b>commit</b>: the writes of one turn, all or none, one journal record
 *   <li><b>journal</b>: the append-only, synced log of commits: the truth
 *   <li><b>store</b>: the materialised state off heap, rebuilt from the journal whenever in doubt
 *   <li><b>gate</b>: what holds a reply back until the commits it depends on are durable
 * </ul>
 */
package dev.abide.annotations;
