import agentText from './vm-agent.sh';

/** The resource agent ocf:kvmlab:vm, as it is installed on every node. */
export const vmAgent: string = agentText;

/** Where Pacemaker looks for it. */
export const vmAgentPath = '/usr/lib/ocf/resource.d/kvmlab/vm';
