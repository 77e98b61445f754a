#!/usr/bin/perl
# Makes vde_switch 2.3.2 lose a plug: somebody who asks hangs up between the plug's connection and its request. When
# the plug's process (this one) ends, its port stays taken.
# lost-plug.pl SOCKETS MANAGEMENT PID PORT DESCRIPTION
use strict;
use warnings;
use IO::Socket::UNIX;
use Socket qw(SOCK_DGRAM SOCK_STREAM);

my ($sockets, $management, $switch, $port, $description) = @ARGV;

sub connections { my @all = glob("/proc/$switch/fd/*"); return scalar @all; }

sub wait_for {
    my ($count) = @_;
    for (1 .. 2000) { return if connections() == $count; select(undef, undef, undef, 0.005); }
    die "vde_switch has " . connections() . " descriptors, not $count\n";
}

my $before = connections();
my $asker = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $management) or die "$management: $!\n";
wait_for($before + 1);
my $data = "$sockets/.lost-$$";
my $card = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $data) or die "$data: $!\n";
my $plug = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => "$sockets/ctl") or die "$sockets/ctl: $!\n";
wait_for($before + 2);
close $asker;
wait_for($before + 1);
# As libvdeplug asks for a port: magic, version, port, the address of the data socket (sockaddr_un), who it is.
syswrite $plug, pack('L L L S a108 a*', 0xfeedface, 3, $port << 8, 1, $data, "$description user=test pid=$$");
sysread($plug, my $answer, 110) == 110 or die "vde_switch gave no port\n";
unlink $data;
