#!/bin/bash
# ocf:kvmlab:vm, a VM of KVM Lab as a resource of Pacemaker. It runs verbs of the VM's own script and knows nothing of QEMU.
# Installed as /usr/lib/ocf/resource.d/kvmlab/vm on every node. Exit codes are those of the OCF resource agent API 1.1.
: "${OCF_ROOT:=/usr/lib/ocf}"
: "${OCF_FUNCTIONS_DIR:=$OCF_ROOT/lib/heartbeat}"
# shellcheck source=/dev/null
. "$OCF_FUNCTIONS_DIR/ocf-shellfuncs"

meta_data() {
  cat <<'XML'
<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="vm" version="1.0">
<version>1.1</version>
<longdesc lang="en">
Runs a VM of KVM Lab: one QEMU process, which the script of the VM starts, asks and ends. It can be migrated live.
The scripts of the lab, its disks and its folder of locks (locks: in the lab file) are there on every node.
</longdesc>
<shortdesc lang="en">A VM of KVM Lab</shortdesc>
<parameters>
<parameter name="script" required="1" unique="0">
<longdesc lang="en">The script of the VM, such as /srv/labs/dmz/fw.sh. A relative path starts at the home of the user.</longdesc>
<shortdesc lang="en">Script of the VM</shortdesc>
<content type="string"/>
</parameter>
<parameter name="run_root" required="1" unique="0">
<longdesc lang="en">The run-time root (KVMLAB_RUN_ROOT): pid files, sockets and locks of what runs. It is made where it is missing.
It must not go away when a user logs out, as folders below /run/user do.</longdesc>
<shortdesc lang="en">Run-time root</shortdesc>
<content type="string"/>
</parameter>
<parameter name="user" required="0" unique="0">
<longdesc lang="en">Who runs the VM. Left out: the owner of the script.</longdesc>
<shortdesc lang="en">User that runs the VM</shortdesc>
<content type="string"/>
</parameter>
<parameter name="destinations" required="0" unique="0">
<longdesc lang="en">Where ssh finds each node for a migration, as NODE=DESTINATION words: "left=kvm@10.0.0.1 right=kvm@10.0.0.2".
Left out: the name of the node.</longdesc>
<shortdesc lang="en">ssh destinations of the nodes</shortdesc>
<content type="string"/>
</parameter>
</parameters>
<actions>
<action name="start" timeout="180s"/>
<action name="stop" timeout="120s"/>
<action name="monitor" timeout="30s" interval="10s" depth="0"/>
<action name="migrate_to" timeout="600s"/>
<action name="migrate_from" timeout="60s"/>
<action name="meta-data" timeout="5s"/>
<action name="validate-all" timeout="30s"/>
</actions>
</resource-agent>
XML
}

# --- the VM's script ---

script=${OCF_RESKEY_script-}
run_root=${OCF_RESKEY_run_root-}
user=${OCF_RESKEY_user-}

# Whether the parameters make sense on this node; sets `user`, and `script` to a whole path.
validate() {
  [[ -n $script ]] || { ocf_exit_reason 'The parameter script is missing: the path of the VM'\''s script.'; return "$OCF_ERR_CONFIGURED"; }
  [[ $run_root = /?* ]] || { ocf_exit_reason 'The parameter run_root is missing, or no whole path.'; return "$OCF_ERR_CONFIGURED"; }
  if [[ $script != /* ]]; then
    [[ -n $user ]] || { ocf_exit_reason "$script is relative to the home of a user, and the parameter user is missing."; return "$OCF_ERR_CONFIGURED"; }
    script=$(getent passwd -- "$user" | cut -d: -f6)/$script
  fi
  [[ -z $user ]] || id -u -- "$user" >/dev/null 2>&1 || { ocf_exit_reason "There is no user $user on this node."; return "$OCF_ERR_INSTALLED"; }
  [[ -x $script ]] || { ocf_exit_reason "The script $script is not there, or cannot be run."; return "$OCF_ERR_INSTALLED"; }
  [[ -n $user ]] || user=$(stat -Lc %U -- "$script")
  return "$OCF_SUCCESS"
}

# Name of this node, which is that of the lab's host.
node=${OCF_RESKEY_CRM_meta_on_node:-$(crm_node -n 2>/dev/null || uname -n)}

# Runs a verb of the VM's script as its user, and keeps in `said` what it says: verb WORD… gives the script's exit code.
said=
verb() {
  local code as=()
  make_run_root || return 1
  [[ $(id -un) = "$user" ]] || as=(runuser -u "$user" --)
  said=$("${as[@]}" env -u XDG_RUNTIME_DIR "KVMLAB_RUN_ROOT=$run_root" "KVMLAB_HOST=$node" "${settings[@]}" "$script" "$@" 2>&1 </dev/null)
  code=$?
  ocf_log debug "$script $*: exit code $code: $said"
  return "$code"
}

# Words NAME=VALUE for the environment of a verb.
settings=()

# Below /run nothing outlives a boot, and only root may make something there.
make_run_root() {
  [[ -d $run_root ]] && return
  mkdir -p -- "${run_root%/*}" && install -d -m 0700 -o "$user" -- "$run_root" && return
  ocf_exit_reason "The run-time root $run_root cannot be made."
  return 1
}

last_line() { tail -n 1 <<<"$said" | cut -c -300; }

# --- actions ---

monitor() {
  verb status
  case $? in
    0) holds_lock && return "$OCF_SUCCESS" ;;
    3) return "$OCF_NOT_RUNNING" ;;
    *) ocf_exit_reason "It cannot be told whether the VM runs: $(last_line)" ;;
  esac
  return "$OCF_ERR_GENERIC"
}

# A VM without its lock waits for a migration, or was migrated away: it is no VM that runs, and has to be ended. While the
# storage does not answer nothing is known, and nothing is done to a VM that runs.
holds_lock() {
  verb lock-tell || { ocf_log warn "The lock of the VM cannot be read now: $(last_line)"; return 0; }
  [[ $said =~ ^(none|ours)( |$) ]] && return
  ocf_exit_reason "A process of the VM is here, but its lock is not: $(last_line)"
  return 1
}

start() {
  local code
  monitor
  code=$?
  ((code == OCF_NOT_RUNNING)) || return "$code"
  start_here && monitor && return "$OCF_SUCCESS"
  ocf_exit_reason "The VM did not start: $(last_line)"
  return "$OCF_ERR_GENERIC"
}

start_here() {
  local words=(start)
  # In a lab with hosts a VM belongs to one of them, unless it is told otherwise: the cluster says where it runs.
  grep -q '^RUNS_ON=' -- "$script" && words+=("RUNS_ON=$node")
  verb "${words[@]}" && return
  break_lock || return 1
  verb "${words[@]}"
}

# A lock that another host holds is broken only if that host is dead for sure.
break_lock() {
  local refusal=$said record host since
  verb lock-tell || said=
  record=$said said=$refusal
  [[ $record = 'held '* ]] || return 1
  [[ $record =~ \ host=([^ ]+)\  ]] && host=${BASH_REMATCH[1]} || return 1
  [[ $record =~ \ since=([0-9]+)\  ]] && since=${BASH_REMATCH[1]} || return 1
  was_fenced "$host" "$since" || { ocf_log err "Nobody has fenced $host since it took the lock of the VM, so it is not broken."; return 1; }
  ocf_log warn "$host was fenced after it took the lock of the VM: the lock is broken."
  verb lock-break --fenced "$host"
}

# Whether Pacemaker knows that a node was fenced with success after a moment (seconds since 1970), and it has not come back:
# was_fenced NODE MOMENT. Of a node that came back its own next start proves what ended.
was_fenced() {
  local event moment members
  members=$(crm_node -p 2>/dev/null) && [[ -n $members ]] || return 1
  [[ " $members " != *" $1 "* ]] || return 1
  while read -r event; do
    [[ $event = '<fence_event '* && $event = *' status="success"'* && $event = *" target=\"$1\""* ]] || continue
    [[ $event =~ \ action=\"(off|reboot)\" && $event =~ \ completed=\"([^\"]+)\" ]] || continue
    moment=$(date -d "${BASH_REMATCH[1]}" +%s) && ((moment > $2)) && return
  done < <(stonith_admin --history "$1" --output-as=xml 2>/dev/null)
  return 1
}

# The power button, while there is time for it; then the end of the process. Success is what status says afterwards.
stop() {
  local seconds=$((${OCF_RESKEY_CRM_meta_timeout:-120000} / 1000 - 30)) code
  settings=("STOP_SECONDS=$((seconds > 1 ? seconds : 1))")
  verb stop
  code=$?
  settings=()
  verb status
  case $? in
    3) return "$OCF_SUCCESS" ;;
    0) ocf_log warn "The VM did not stop (exit code $code). Ending its process." ;;
  esac
  verb kill
  verb status
  (($? == 3)) && return "$OCF_SUCCESS"
  ocf_exit_reason "The VM could not be ended: $(last_line)"
  return "$OCF_ERR_GENERIC"
}

# --- live migration ---

# The script does all of it, and gives the lock away; on any failure the VM goes on here.
migrate_to() {
  local target=${OCF_RESKEY_CRM_meta_migrate_target-} word words=() destination
  [[ -n $target ]] || { ocf_exit_reason 'Nobody says where the VM is to go.'; return "$OCF_ERR_GENERIC"; }
  destination=$target
  read -ra words <<<"${OCF_RESKEY_destinations-}"
  for word in "${words[@]}"; do [[ ${word%%=*} != "$target" ]] || destination=${word#*=}; done
  verb migrate --ssh "$destination" --run-root "$run_root" --scripts "${script%/*}" && return "$OCF_SUCCESS"
  ocf_exit_reason "The VM did not migrate to $target: $(last_line)"
  return "$OCF_ERR_GENERIC"
}

# It has come when it runs here with its lock.
migrate_from() {
  monitor
  case $? in
    "$OCF_SUCCESS") return "$OCF_SUCCESS" ;;
    "$OCF_NOT_RUNNING") ocf_exit_reason "The VM did not come from ${OCF_RESKEY_CRM_meta_migrate_source-elsewhere}." ;;
  esac
  return "$OCF_ERR_GENERIC"
}

# --- entry ---

case ${1-} in
  meta-data) meta_data; exit "$OCF_SUCCESS" ;;
  validate-all) validate; exit ;;
  # A stop that cannot ask the script knows nothing, and never says that all is well.
  start | stop | monitor | migrate_to | migrate_from) ;;
  usage | help) echo "Use: $0 start|stop|monitor|migrate_to|migrate_from|validate-all|meta-data"; exit "$OCF_SUCCESS" ;;
  *) echo "Use: $0 start|stop|monitor|migrate_to|migrate_from|validate-all|meta-data" >&2; exit "$OCF_ERR_UNIMPLEMENTED" ;;
esac
validate || { code=$?; [[ $1 != stop ]] || code=$OCF_ERR_GENERIC; exit "$code"; }
"$1"
