#!/bin/bash
# One node of a test's cluster: corosync and pacemaker in namespaces of their own, with the files of a node that they would
# share. It is process 1 of its pid namespace: when it is killed, all of the node is gone at once, as when its power is cut.
# cluster-node.sh NAME FOLDER (of the node) SHARED (of the test)
set -u
node=$1 own=$2 shared=$3
hostname "$node"
mount --make-rprivate /
for folder in /dev/shm /run /var/lib/corosync /var/lib/pacemaker /var/log; do mount -t tmpfs tmpfs "$folder"; done
mkdir -p /run/lock /run/crm /run/resource-agents /run/sshd /var/log/corosync /var/log/pacemaker \
  /var/lib/pacemaker/{blackbox,cib,cores,pengine}
install -m 600 -o hacluster -g haclient "$shared/cib.xml" /var/lib/pacemaker/cib/cib.xml
chown -R hacluster:haclient /var/lib/pacemaker /run/crm /var/log/pacemaker
chmod 750 /var/lib/pacemaker/*
chmod 770 /var/log/pacemaker
mount --bind "$shared/etc" /etc/corosync
mount --bind "$shared/hosts" /etc/hosts
[[ -e /etc/machine-id ]] || : >/etc/machine-id
mount --bind "$own/machine-id" /etc/machine-id
mount --bind "$own/boot_id" /proc/sys/kernel/random/boot_id
mount --bind "$shared/resource.d" /usr/lib/ocf/resource.d
mount --bind "$shared/fencing" /usr/lib/stonith/plugins/external
mount --bind "$shared/ssh" /root/.ssh
ip link set lo up
/usr/sbin/sshd -f "$shared/sshd_config"
corosync -f >"$own/corosync.out" 2>&1 &
until corosync-cfgtool -s >/dev/null 2>&1; do sleep 0.1; done
PCMK_logfile=$own/pacemaker.log pacemakerd -f >"$own/pacemaker.out" 2>&1 &
touch "$own/up"
# Zombies are reaped, as by any init.
while :; do wait -n; sleep 1; done
