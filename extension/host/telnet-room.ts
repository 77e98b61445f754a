/** The telnet client, loaded with the first console. As a module of ours, because a bundle gives a CommonJS package no names. */
export { Telnet } from 'telnet-client';
